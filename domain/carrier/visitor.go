package carrier

import "pult/domain"

// VisitorMessage is what somebody said on a page of the desk's own. The desk takes it in and writes it, as JSON, into
// the journal of a channel whose driver reads such deliveries: from there on it is treated as every other vendor's.
type VisitorMessage struct {
	Visitor  domain.ID       `json:"visitor"`
	ID       string          `json:"id"`   // made by the visitor's page: the same again is the same message
	Name     string          `json:"name"` // "" = not told
	Email    string          `json:"email,omitzero"`
	Vouched  bool            `json:"vouched,omitzero"` // the shop proved who it is: Email may be taken for theirs
	Language domain.Language `json:"language,omitzero"`
	Page     string          `json:"page,omitzero"`  // address of the page they wrote from
	Title    string          `json:"title,omitzero"` // and its title
	Text     string          `json:"text,omitzero"`
	Files    []VisitorFile   `json:"files,omitzero"`
	Greeting string          `json:"greeting,omitzero"`  // what they had been told before they wrote; "" = nothing new
	FollowUp string          `json:"follow_up,omitzero"` // what they were told when they had written
	// their conversation before this one, so that each is greeted once
	After domain.ID `json:"after,omitzero"`
}

// VisitorFile is a file that lies in the desk already.
type VisitorFile struct {
	ID   domain.ID `json:"id"`
	Name string    `json:"name"`
	MIME string    `json:"mime"`
	Size int64     `json:"size"`
}
