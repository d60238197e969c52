package carrier

import (
	"context"

	"pult/domain"
)

// Account is what a vendor says of the connected account.
type Account struct {
	Number  string // E.164
	Name    string // verified name
	Quality string // green, yellow, red or ""
	Status  string // the vendor's word
}

// Tester proves that the credentials work, without sending anything.
type Tester interface {
	Test(context.Context) (Account, error)
}

// CanTest reports whether the vendor lets credentials be tried without sending anything.
func (c *Connection) CanTest() bool {
	return isA[Tester](c)
}

// Test proves that the credentials work.
func (c *Connection) Test(ctx context.Context) (Account, error) {
	return askVendor(ctx, c, RequestTimeout, Tester.Test)
}

// TemplateLister lists the templates that were approved at the vendor.
type TemplateLister interface {
	Templates(context.Context) ([]domain.MessageTemplate, error)
}

// Templates lists the vendor's templates.
func (c *Connection) Templates(ctx context.Context) ([]domain.MessageTemplate, error) {
	return askVendor(ctx, c, 2*RequestTimeout, TemplateLister.Templates)
}
