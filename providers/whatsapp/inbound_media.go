package whatsapp

import (
	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/cloudapi"
	"pult/providers/wire"
)

// findMedia is the file a message carries and the kind it has, or nil.
func (w wireMessage) findMedia() (domain.MessageKind, *cloudapi.Media) {
	if w.Type == "voice" {
		return domain.KindVoice, w.Voice
	}
	return w.ReceivedFiles.ForType(string(w.Type))
}

// fillMedia leaves the message a placeholder when it carries no file, or one without the id by which it can be fetched:
// the address beside it lives five minutes only.
func fillMedia(m *carrier.InboundMessage, w wireMessage) {
	kind, f := w.findMedia()
	if f == nil || f.ID == "" {
		return
	}
	m.Kind, m.Text = kind, string(f.Caption)
	m.Attachments = []domain.Attachment{{
		State:    domain.FileFetching,
		VendorID: string(f.ID),
		Name:     string(f.Filename),
		MIME:     wire.PlainType(string(f.MIME)),
		Voice:    kind == domain.KindVoice,
		Animated: f.Animated,
	}}
}
