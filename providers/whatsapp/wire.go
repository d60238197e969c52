package whatsapp

import (
	"encoding/json"

	"pult/providers/cloudapi"
	"pult/providers/graph"
	"pult/providers/wire"
)

// Timestamps are strings in one webhook and numbers in the next, so no field is read as what it is documented to be.
type (
	text   = wire.Text
	number = wire.Number
)

type entry struct {
	ID      text              `json:"id"` // the business account
	Changes []json.RawMessage `json:"changes"`
}

type change struct {
	Field text            `json:"field"`
	Value json.RawMessage `json:"value"`
}

// value is what "messages", "standby", "smb_message_echoes", "history", "calls" and "user_preferences" carry, each a
// few of the keys.
type value struct {
	Metadata struct {
		Display text `json:"display_phone_number"`
		PhoneID text `json:"phone_number_id"`
	} `json:"metadata"`
	Contacts    []wireContact     `json:"contacts"`
	Messages    []json.RawMessage `json:"messages"`
	Echoes      []json.RawMessage `json:"message_echoes"`
	Statuses    []json.RawMessage `json:"statuses"`
	Errors      []graph.Fault     `json:"errors"`
	History     []json.RawMessage `json:"history"`
	Calls       []json.RawMessage `json:"calls"`
	Preferences []wirePreference  `json:"user_preferences"`
}

type wireContact struct {
	Profile struct {
		Name     text `json:"name"`
		Username text `json:"username"`
	} `json:"profile"`
	WaID         text `json:"wa_id"`
	UserID       text `json:"user_id"`
	ParentUserID text `json:"parent_user_id"`
}

type wireMessage struct {
	From           text `json:"from"`
	FromUserID     text `json:"from_user_id"`
	FromParentID   text `json:"from_parent_user_id"`
	To             text `json:"to"`
	ToUserID       text `json:"to_user_id"`
	ToParentUserID text `json:"to_parent_user_id"`
	ID             text `json:"id"`
	Timestamp      text `json:"timestamp"`
	Type           text `json:"type"`
	Context        struct {
		ID         text `json:"id"`
		Forwarded  bool `json:"forwarded"`
		Frequently bool `json:"frequently_forwarded"`
	} `json:"context"`
	Referral    *wireReferral    `json:"referral"`
	Text        wireBody         `json:"text"`
	Voice       *cloudapi.Media  `json:"voice"` // a type of older versions
	Location    *wireLocation    `json:"location"`
	Contacts    []wireCard       `json:"contacts"`
	Interactive *wireInteractive `json:"interactive"`
	Button      *wireButton      `json:"button"`
	Reaction    *wireReaction    `json:"reaction"`
	Order       *wireOrder       `json:"order"`
	System      *wireSystem      `json:"system"`
	Edit        *wireEdit        `json:"edit"`
	Revoke      *wireRevoke      `json:"revoke"`

	cloudapi.ReceivedFiles
}

type wireBody struct {
	Body text `json:"body"`
}

type wireLocation struct {
	Latitude  number `json:"latitude"`
	Longitude number `json:"longitude"`
	Name      text   `json:"name"`
	Address   text   `json:"address"`
	URL       text   `json:"url"`
}

type wireCard struct {
	Name struct {
		Formatted text `json:"formatted_name"`
		First     text `json:"first_name"`
		Last      text `json:"last_name"`
	} `json:"name"`
	Phones []struct {
		Phone text `json:"phone"`
		WaID  text `json:"wa_id"`
	} `json:"phones"`
	Emails []struct {
		Email text `json:"email"`
	} `json:"emails"`
	Org struct {
		Company text `json:"company"`
	} `json:"org"`
}

type wireInteractive struct {
	Type   text         `json:"type"`
	Button *wireReply   `json:"button_reply"`
	List   *wireReply   `json:"list_reply"`
	Form   *wireForm    `json:"nfm_reply"`
	Call   *wireConsent `json:"call_permission_reply"`
}

type wireReply struct {
	ID          text `json:"id"`
	Title       text `json:"title"`
	Description text `json:"description"`
}

type wireForm struct {
	Name     text `json:"name"`
	Body     text `json:"body"`
	Response text `json:"response_json"` // JSON inside a string, not always an object
}

type wireConsent struct {
	Response text `json:"response"`
}

type wireButton struct {
	Payload text `json:"payload"`
	Text    text `json:"text"`
}

type wireReaction struct {
	MessageID text `json:"message_id"`
	Emoji     text `json:"emoji"` // absent = removed
}

type wireOrder struct {
	Text  text `json:"text"`
	Items []struct {
		Product  text   `json:"product_retailer_id"`
		Quantity number `json:"quantity"`
		Price    number `json:"item_price"`
		Currency text   `json:"currency"`
	} `json:"product_items"`
}

type wireSystem struct {
	Type                 text `json:"type"`
	Body                 text `json:"body"`
	WaID                 text `json:"wa_id"`
	UserID               text `json:"user_id"`
	ParentUserID         text `json:"parent_user_id"`
	PreviousUserID       text `json:"previous_user_id"`
	PreviousParentUserID text `json:"previous_parent_user_id"`
}

type wireEdit struct {
	Original text            `json:"original_message_id"`
	Message  json.RawMessage `json:"message"`
}

type wireRevoke struct {
	Original text `json:"original_message_id"`
}

type wireReferral struct {
	URL      text `json:"source_url"`
	Headline text `json:"headline"`
	Body     text `json:"body"`
}

type wireStatus struct {
	ID        text          `json:"id"`
	Type      text          `json:"type"` // "call" is not about a message
	Status    text          `json:"status"`
	Timestamp text          `json:"timestamp"`
	Opaque    text          `json:"biz_opaque_callback_data"`
	Errors    []graph.Fault `json:"errors"`
}

type wireHistory struct {
	Errors  []graph.Fault `json:"errors"`
	Threads []struct {
		ID      text `json:"id"`
		Context struct {
			WaID         text `json:"wa_id"`
			UserID       text `json:"user_id"`
			ParentUserID text `json:"parent_user_id"`
			Username     text `json:"username"`
		} `json:"context"`
		Messages []json.RawMessage `json:"messages"`
	} `json:"threads"`
}

type wireCall struct {
	ID         text `json:"id"`
	From       text `json:"from"`
	FromUserID text `json:"from_user_id"`
	Event      text `json:"event"`
	Direction  text `json:"direction"`
	Status     text `json:"status"`
	Timestamp  text `json:"timestamp"`
}

type wirePreference struct {
	WaID   text `json:"wa_id"`
	UserID text `json:"user_id"`
	Value  text `json:"value"`
}
