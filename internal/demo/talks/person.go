package talks

import "pult/domain"

// Person is a customer. Without a phone number they are known by a user name.
type Person struct {
	Name, Phone, Username, Company string
	Mail                           string
	Language                       domain.Language
	Details                        map[string]string
}

func czechPerson(name, phone string) Person {
	return Person{Name: name, Phone: phone, Language: domain.Czech}
}

func frenchPerson(name, phone string) Person {
	return Person{Name: name, Phone: phone, Language: domain.French}
}

// mailPerson is somebody with a mail address.
func mailPerson(name, address string, l domain.Language) Person {
	return Person{Name: name, Mail: address, Language: l}
}

// pageVisitor is a visitor who writes from a page of the shop.
func pageVisitor(name string, l domain.Language, title, path string) Person {
	return Person{Name: name, Language: l, Details: map[string]string{
		"visitor.page_title": title, "visitor.page": "https://shop.example" + path,
	}}
}

// atCompany makes the person somebody who writes for a company.
func (p Person) atCompany(company string) Person { p.Company = company; return p }
