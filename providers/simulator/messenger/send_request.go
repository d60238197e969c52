package messenger

// sendRequest is what POST …/messages takes.
type sendRequest struct {
	Recipient struct {
		ID string `json:"id"`
	} `json:"recipient"`
	Type    string       `json:"messaging_type"`
	Tag     string       `json:"tag"`
	Message *sentMessage `json:"message"`
	ReplyTo struct {
		ID string `json:"mid"`
	} `json:"reply_to"`
	Action  string `json:"sender_action"`
	Payload struct {
		MessageID string `json:"message_id"`
		Reaction  string `json:"reaction"`
	} `json:"payload"`
}

type sentMessage struct {
	Text       string `json:"text"`
	Metadata   string `json:"metadata"`
	Attachment *struct {
		Type    string `json:"type"`
		Payload struct {
			ID       string `json:"attachment_id"`
			URL      string `json:"url"`
			Reusable bool   `json:"is_reusable"`
		} `json:"payload"`
	} `json:"attachment"`
}
