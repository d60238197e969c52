package graph

import "encoding/json"

// sendRequest is what POST …/messages takes.
type sendRequest struct {
	Product   string         `json:"messaging_product"`
	Status    string         `json:"status"` // "read" marks a message as read instead of sending one
	MessageID string         `json:"message_id"`
	Typing    map[string]any `json:"typing_indicator"`
	To        string         `json:"to"`
	Recipient string         `json:"recipient"`
	Type      string         `json:"type"`
	Opaque    string         `json:"biz_opaque_callback_data"`
	Context   struct {
		MessageID string `json:"message_id"`
	} `json:"context"`
	Text struct {
		Body string `json:"body"`
	} `json:"text"`
	Image    *sentFile `json:"image"`
	Video    *sentFile `json:"video"`
	Audio    *sentFile `json:"audio"`
	Document *sentFile `json:"document"`
	Sticker  *sentFile `json:"sticker"`
	Location *struct {
		Latitude  json.RawMessage `json:"latitude"` // text or number
		Longitude json.RawMessage `json:"longitude"`
		Name      string          `json:"name"`
		Address   string          `json:"address"`
	} `json:"location"`
	Contacts []struct {
		Name struct {
			Formatted string `json:"formatted_name"`
		} `json:"name"`
		Phones []struct {
			Phone string `json:"phone"`
		} `json:"phones"`
		Emails []struct {
			Email string `json:"email"`
		} `json:"emails"`
		Org struct {
			Company string `json:"company"`
		} `json:"org"`
	} `json:"contacts"`
	Reaction *struct {
		MessageID string  `json:"message_id"`
		Emoji     *string `json:"emoji"`
	} `json:"reaction"`
	Template *sentTemplate `json:"template"`
}

type sentFile struct {
	ID       string `json:"id"`
	Caption  string `json:"caption"`
	Filename string `json:"filename"`
	Voice    bool   `json:"voice"`
}

// sentTemplate is a template in a send.
type sentTemplate struct {
	Name     string `json:"name"`
	Language struct {
		Code string `json:"code"`
	} `json:"language"`
	Components []sentComponent `json:"components"`
}

type sentComponent struct {
	Type       string `json:"type"`
	SubType    string `json:"sub_type"`
	Index      string `json:"index"`
	Parameters []struct {
		Type     string    `json:"type"`
		Name     string    `json:"parameter_name"`
		Text     string    `json:"text"`
		Coupon   string    `json:"coupon_code"`
		Image    *sentFile `json:"image"`
		Video    *sentFile `json:"video"`
		Document *sentFile `json:"document"`
	} `json:"parameters"`
}
