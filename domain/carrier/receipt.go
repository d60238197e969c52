package carrier

import "pult/domain"

// Receipt is the vendor's word that it took a message.
type Receipt struct {
	VendorID string
	Aliases  []domain.Identity // other ids of the recipient that the vendor told
}
