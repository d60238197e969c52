package messenger

import (
	"encoding/json"

	"pult/providers/graph"
	"pult/providers/wire"
)

// Ids of 17 digits come as numbers in one webhook and as strings in the next, so no field is read as what it is
// documented to be.
type (
	text   = wire.Text
	number = wire.Number
	yes    = graph.Bool
)

type entry struct {
	ID        text              `json:"id"` // the page
	Messaging []json.RawMessage `json:"messaging"`
	Standby   []json.RawMessage `json:"standby"` // another app leads the conversation
	Changes   []json.RawMessage `json:"changes"`
}

type wireID struct {
	ID  text `json:"id"`
	Ref text `json:"user_ref"` // instead of the id, from a plugin on a web page
}

// wireEvent is one item; which key is there tells what it is.
type wireEvent struct {
	Sender      wireID        `json:"sender"`
	Recipient   wireID        `json:"recipient"`
	Timestamp   text          `json:"timestamp"`
	Message     *wireMessage  `json:"message"`
	Postback    *wirePostback `json:"postback"`
	Delivery    *wireMark     `json:"delivery"`
	Read        *wireMark     `json:"read"`
	Reaction    *wireReaction `json:"reaction"`
	Edit        *wireEdit     `json:"message_edit"`
	Referral    *wireReferral `json:"referral"`
	Optin       *wireOptin    `json:"optin"`
	Linking     *wireLinking  `json:"account_linking"`
	Order       *wireOrder    `json:"order"`
	Policy      *wirePolicy   `json:"policy_enforcement"`
	Pass        *wireControl  `json:"pass_thread_control"`
	Take        *wireControl  `json:"take_thread_control"`
	RequestCtrl *wireControl  `json:"request_thread_control"`
	Roles       *struct{}     `json:"app_roles"`
	Feedback    *struct{}     `json:"response_feedback"`
	Survey      *struct{}     `json:"messaging_feedback"`
}

type wireMessage struct {
	ID          text             `json:"mid"`
	Text        text             `json:"text"`
	QuickReply  *wirePayload     `json:"quick_reply"`
	ReplyTo     wireQuoted       `json:"reply_to"`
	Attachments []wireAttachment `json:"attachments"`
	Referral    *wireReferral    `json:"referral"`
	Commands    []struct {
		Name text `json:"name"`
	} `json:"commands"`
	Echo     yes  `json:"is_echo"`
	Deleted  yes  `json:"is_deleted"`
	AppID    text `json:"app_id"`
	Metadata text `json:"metadata"`
}

type wireQuoted struct {
	ID text `json:"mid"`
}

type wirePayload struct {
	Payload text `json:"payload"`
}

type wireAttachment struct {
	Type    text        `json:"type"`
	Title   text        `json:"title"` // of a shared link whose payload is missing
	URL     text        `json:"url"`
	Payload wireContent `json:"payload"`
}

type wireContent struct {
	URL         text         `json:"url"`
	Title       text         `json:"title"`
	StickerID   text         `json:"sticker_id"`
	Coordinates *wirePlace   `json:"coordinates"`
	Text        text         `json:"text"` // of a button template
	Elements    []wireOffer  `json:"elements"`
	Product     *wireProduct `json:"product"`
	Generic     *wireProduct `json:"generic"`
}

type wireProduct struct {
	Elements []wireOffer `json:"elements"`
}

type wireOffer struct {
	Title    text `json:"title"`
	Subtitle text `json:"subtitle"`
}

type wirePlace struct {
	Lat  number `json:"lat"`
	Long number `json:"long"`
}

type wirePostback struct {
	ID       text          `json:"mid"`
	Title    text          `json:"title"`
	Payload  text          `json:"payload"`
	Referral *wireReferral `json:"referral"`
}

type wireMark struct {
	IDs       []text `json:"mids"`
	Watermark text   `json:"watermark"`
	ID        text   `json:"mid"`
}

type wireReaction struct {
	ID       text `json:"mid"`
	Action   text `json:"action"`
	Reaction text `json:"reaction"`
	Emoji    text `json:"emoji"`
}

type wireEdit struct {
	ID     text `json:"mid"`
	Text   text `json:"text"`
	Number text `json:"num_edit"`
}

type wireReferral struct {
	Ref     text `json:"ref"`
	AdID    text `json:"ad_id"`
	Source  text `json:"source"`
	Referer text `json:"referer_uri"`
	Ad      struct {
		Title text `json:"ad_title"`
		Photo text `json:"photo_url"`
		Video text `json:"video_url"`
	} `json:"ads_context_data"`
	Product struct {
		ID text `json:"id"`
	} `json:"product"`
}

type wireOptin struct {
	Type    text `json:"type"`
	Ref     text `json:"ref"`
	UserRef text `json:"user_ref"`
	Title   text `json:"title"`
	Payload text `json:"payload"`
	Status  text `json:"notification_messages_status"`
}

type wireLinking struct {
	Status text `json:"status"`
}

type wireOrder struct {
	Note     text `json:"note"`
	Products []struct {
		ID       text   `json:"id"`
		Retailer text   `json:"retailer_id"`
		Name     text   `json:"name"`
		Quantity number `json:"quantity"`
		Price    number `json:"unit_price"`
		Currency text   `json:"currency"`
	} `json:"products"`
}

type wirePolicy struct {
	Action text `json:"action"`
	Reason text `json:"reason"`
}

type wireControl struct {
	NewOwner       text `json:"new_owner_app_id"`
	PreviousOwner  text `json:"previous_owner_app_id"`
	RequestedOwner text `json:"requested_owner_app_id"`
}
