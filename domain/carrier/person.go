package carrier

import "pult/domain"

// Person is who wrote, by every id the vendor gave. At least one identity is present.
type Person struct {
	Name       string
	Username   string
	Identities []domain.Identity // the first is where an answer goes
	Details    map[string]string // see domain.Contact.Details
	Language   domain.Language   // "" = not told
}
