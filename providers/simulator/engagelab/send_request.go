package engagelab

import (
	"cmp"
	"encoding/json"
)

// sendRequest is what POST /v1/messages takes.
type sendRequest struct {
	From      string          `json:"from"`
	To        []string        `json:"to"`
	RequestID string          `json:"request_id"`
	Custom    json.RawMessage `json:"custom_args"`
	Body      *struct {
		Type string `json:"type"`
		Text struct {
			Body string `json:"body"`
		} `json:"text"`
		Image    *sentFile     `json:"image"`
		Video    *sentFile     `json:"video"`
		Audio    *sentFile     `json:"audio"`
		Document *sentFile     `json:"document"`
		Sticker  *sentFile     `json:"sticker"`
		Template *sentTemplate `json:"template"`
	} `json:"body"`
}

type sentFile struct {
	Link     string `json:"link"`
	Caption  string `json:"caption"`
	Filename string `json:"filename"`
}

// sentTemplate is a template in a send.
type sentTemplate struct {
	Name       string          `json:"name"`
	Language   string          `json:"language"`
	Components []sentComponent `json:"components"`
}

type sentComponent struct {
	Type       string          `json:"type"`
	SubType    string          `json:"sub_type"`
	Index      string          `json:"index"`
	Parameters []sentParameter `json:"parameters"`
}

type sentParameter struct {
	Type     string    `json:"type"`
	Text     string    `json:"text"`
	Image    *sentFile `json:"image"`
	Video    *sentFile `json:"video"`
	Document *sentFile `json:"document"`
}

func (p sentParameter) file() *sentFile { return cmp.Or(p.Image, p.Video, p.Document) }

// file is the one file a message names, in its body or in the header of its template; nil when there is none.
func (in sendRequest) file() *sentFile {
	b := in.Body
	if f := cmp.Or(b.Image, b.Video, b.Audio, b.Document, b.Sticker); f != nil {
		return f
	}
	if b.Template == nil {
		return nil
	}
	for _, c := range b.Template.Components {
		for _, p := range c.Parameters {
			if f := p.file(); f != nil {
				return f
			}
		}
	}
	return nil
}
