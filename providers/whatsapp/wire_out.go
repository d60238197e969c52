package whatsapp

import "pult/providers/cloudapi"

// outgoing is the body of a send; exactly the payload named by Type is present.
type outgoing struct {
	Product       string       `json:"messaging_product"`
	RecipientType string       `json:"recipient_type"`
	To            string       `json:"to,omitempty"`
	Recipient     string       `json:"recipient,omitempty"` // a user id; the vendor ignores it beside To
	Type          string       `json:"type"`
	Context       *outContext  `json:"context,omitempty"`
	Opaque        string       `json:"biz_opaque_callback_data,omitempty"`
	Text          *outText     `json:"text,omitempty"`
	Location      *outLocation `json:"location,omitempty"`
	Contacts      []outCard    `json:"contacts,omitempty"`
	Reaction      *outReaction `json:"reaction,omitempty"`
	Template      *outTemplate `json:"template,omitempty"`

	cloudapi.Files
}

type outContext struct {
	MessageID string `json:"message_id"`
}

type outText struct {
	Body    string `json:"body"`
	Preview bool   `json:"preview_url"`
}

// outLocation carries degrees as text, the form the vendor documents.
type outLocation struct {
	Latitude  string `json:"latitude"`
	Longitude string `json:"longitude"`
	Name      string `json:"name,omitempty"`
	Address   string `json:"address,omitempty"`
}

type outCard struct {
	Name   outName    `json:"name"`
	Phones []outPhone `json:"phones,omitempty"`
	Emails []outEmail `json:"emails,omitempty"`
	Org    *outOrg    `json:"org,omitempty"`
}

// outName repeats the name because one part besides the formatted one used to be required.
type outName struct {
	Formatted string `json:"formatted_name"`
	First     string `json:"first_name"`
}

type outPhone struct {
	Phone string `json:"phone"`
}

type outEmail struct {
	Email string `json:"email"`
}

type outOrg struct {
	Company string `json:"company"`
}

// outReaction is sent with an empty emoji to take the reaction back.
type outReaction struct {
	MessageID string `json:"message_id"`
	Emoji     string `json:"emoji"`
}

type outTemplate struct {
	Name       string               `json:"name"`
	Language   outLanguage          `json:"language"`
	Components []cloudapi.Component `json:"components,omitempty"`
}

type outLanguage struct {
	Code string `json:"code"`
}

type outRead struct {
	Product   string     `json:"messaging_product"`
	Status    string     `json:"status"`
	MessageID string     `json:"message_id"`
	Typing    *outTyping `json:"typing_indicator,omitempty"`
}

type outTyping struct {
	Type string `json:"type"`
}

type sendAnswer struct {
	Contacts []struct {
		WaID   text `json:"wa_id"`
		UserID text `json:"user_id"`
	} `json:"contacts"`
	Messages []struct {
		ID text `json:"id"`
	} `json:"messages"`
}
