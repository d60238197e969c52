package world

import "pult/domain"

// Template is a message template as a vendor keeps it. Word is the vendor's own word for its status, such as APPROVED.
type Template struct {
	domain.MessageTemplate
	Word string
}
