package engagelab

import (
	"encoding/json"

	"pult/providers/cloudapi"
	"pult/providers/wire"
)

// No field is read as what it is documented to be: a wrong shape must not cost the rest of the row.
type (
	text   = wire.Text
	number = wire.Number
)

// envelope is the outside of every callback. Rows stay raw so that a bad one cannot spoil its neighbours; the total
// beside them is not to be trusted.
type envelope struct {
	Rows []json.RawMessage `json:"rows"`
	Echo text              `json:"echostr"` // of the console's test of the address
}

// row holds exactly one of status, response and notification. The numbers may be empty, with or without a plus sign.
type row struct {
	MessageID    text            `json:"message_id"`
	From         text            `json:"from"`
	To           text            `json:"to"`
	Time         text            `json:"itime"`
	Custom       wireCustom      `json:"custom_args"`
	Status       json.RawMessage `json:"status"`
	Response     json.RawMessage `json:"response"`
	Notification json.RawMessage `json:"notification"`
}

type wireCustom struct {
	Message text `json:"desk_message"`
}

type wireStatus struct {
	Status text `json:"message_status"`
	Data   struct {
		Time text `json:"msg_time"`
	} `json:"status_data"`
	Code   text `json:"error_code"`
	Detail struct {
		Message text `json:"message"`
	} `json:"error_detail"`
}

type wireNotification struct {
	Event text                       `json:"event"`
	Data  map[string]json.RawMessage `json:"notification_data"`
}

type wireResponse struct {
	Event text `json:"event"`
	Data  struct {
		ID      text `json:"channel_message_id"`
		Contact struct {
			Profile struct {
				Name text `json:"name"`
			} `json:"profile"`
			WaID text `json:"wa_id"`
		} `json:"contact"`
		Message wireMessage `json:"message"`
		Context wireContext `json:"message_context"`
	} `json:"response_data"`
}

// wireContext names the quoted message twice: by EngageLab's id, which a message of ours is known by, and by
// WhatsApp's.
type wireContext struct {
	Ours     text `json:"origin_message_id"`
	WhatsApp text `json:"origin_channel_message_id"`
}

func (c wireContext) messageID() string {
	if c.Ours != "" {
		return string(c.Ours)
	}
	return string(c.WhatsApp)
}

type wireMessage struct {
	Type text `json:"type"`
	Text struct {
		Body text `json:"body"`
	} `json:"text"`
	Button      *wireButton      `json:"button"`
	Interactive *wireInteractive `json:"interactive"`
	Location    *wireLocation    `json:"location"`
	Contacts    []wireCard       `json:"contacts"`
	Reaction    *wireReaction    `json:"reaction"`

	// unverified: an address has been seen elsewhere at EngageLab, the id is what the Cloud API sends
	cloudapi.ReceivedFiles
}

type wireButton struct {
	Payload text `json:"payload"`
	Text    text `json:"text"`
}

type wireInteractive struct {
	Button *wireReply `json:"button_reply"`
	List   *wireReply `json:"list_reply"`
}

type wireReply struct {
	ID          text `json:"id"`
	Title       text `json:"title"`
	Description text `json:"description"`
}

type wireLocation struct {
	Latitude  number `json:"latitude"`
	Longitude number `json:"longitude"`
	Name      text   `json:"name"`
	Address   text   `json:"address"`
}

type wireCard struct {
	Name struct {
		Formatted text `json:"formatted_name"`
	} `json:"name"`
	Phones []struct {
		Phone text `json:"phone"`
	} `json:"phones"`
	Emails []struct {
		Email text `json:"email"`
	} `json:"emails"`
	Org struct {
		Company text `json:"company"`
	} `json:"org"`
}

type wireReaction struct {
	MessageID text `json:"message_id"`
	Emoji     text `json:"emoji"`
}

// wireError is a refusal.
type wireError struct {
	Code    text `json:"code"`
	Message text `json:"message"`
}

// outgoing is the body of a send.
type outgoing struct {
	From      string            `json:"from"`
	To        []string          `json:"to"` // one
	Body      outBody           `json:"body"`
	RequestID string            `json:"request_id,omitempty"`
	Custom    map[string]string `json:"custom_args,omitempty"`
}

// outBody has exactly the payload named by Type.
type outBody struct {
	Type     string       `json:"type"`
	Text     *outText     `json:"text,omitempty"`
	Template *outTemplate `json:"template,omitempty"`

	cloudapi.Files
}

type outText struct {
	Body    string `json:"body"`
	Preview bool   `json:"preview_url"`
}

type outTemplate struct {
	Name       string               `json:"name"`
	Language   string               `json:"language"`
	Components []cloudapi.Component `json:"components,omitempty"`
}
