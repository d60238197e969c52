package carrier

import (
	"fmt"

	"pult/domain"
)

// Offer is a product that the program can connect, together with how a stored channel of that product gets its driver.
type Offer struct {
	Product Product
	Open    func(domain.Channel) (Driver, error)
}

// Offers are all that the program can connect, in the order in which people see them.
type Offers []Offer

// Products are the products of all offers.
func (os Offers) Products() []Product {
	products := make([]Product, len(os))
	for i, o := range os {
		products[i] = o.Product
	}
	return products
}

// Open makes the driver of a stored channel.
func (os Offers) Open(c domain.Channel) (Driver, error) {
	for _, o := range os {
		if o.Product.Driver == c.Driver {
			return o.Open(c)
		}
	}
	return nil, fmt.Errorf("no driver %q in this version", c.Driver)
}

// AsDriver turns what a vendor's own constructor gave into what all of them are. A nil pointer in an interface is not
// nil, which is why nothing is passed on with an error.
func AsDriver[D Driver](d D, err error) (Driver, error) {
	if err != nil {
		return nil, err
	}
	return d, nil
}
