package cloudapi

import (
	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/wire"
)

const (
	kilobyte = 1 << 10
	megabyte = 1 << 20
)

// FileRules are the files WhatsApp takes, up to which size in bytes.
func FileRules() []carrier.FileRule {
	return []carrier.FileRule{
		{Kind: domain.KindImage, MIME: []string{"image/jpeg", "image/png"}, MaxSize: 5 * megabyte},
		{
			Kind:    domain.KindAudio,
			MIME:    []string{"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"},
			MaxSize: 16 * megabyte,
		},
		{Kind: domain.KindVideo, MIME: []string{"video/mp4", "video/3gpp"}, MaxSize: 16 * megabyte},
		{
			Kind:    domain.KindDocument,
			MIME:    append([]string{"text/plain", "application/pdf"}, wire.OfficeTypes()...),
			MaxSize: 100 * megabyte,
		},
		// Animation cannot be told from the type, so a still sticker over 100 KB is left for the vendor to refuse.
		{Kind: domain.KindSticker, MIME: []string{"image/webp"}, MaxSize: 500 * kilobyte},
	}
}

// File is a file as it is sent: by its id at the vendor or by an address.
type File struct {
	ID       string `json:"id,omitempty"`
	Link     string `json:"link,omitempty"`
	Caption  string `json:"caption,omitempty"`
	Filename string `json:"filename,omitempty"`
	Voice    bool   `json:"voice,omitempty"`
}

// Files is the file of a message under the name of its kind, and nothing under the others.
type Files struct {
	Image    *File `json:"image,omitempty"`
	Video    *File `json:"video,omitempty"`
	Audio    *File `json:"audio,omitempty"`
	Document *File `json:"document,omitempty"`
	Sticker  *File `json:"sticker,omitempty"`
}

// PlaceFile hands a file over and says where it is: its id or its address, and whether it is a voice note.
type PlaceFile func(*carrier.OutgoingMedia) (File, error)

// NewFiles places the file of a message under its kind, which it also names. Before anything is handed over, words that
// would get lost beside a sound or a sticker are Invalid with the key provider.caption, and a kind that is no file with
// provider.unsupported.
func NewFiles(m carrier.Outgoing, placeFile PlaceFile) (all Files, kind string, err error) {
	silent := m.Kind == domain.KindAudio || m.Kind == domain.KindVoice || m.Kind == domain.KindSticker
	switch {
	case !m.Kind.IsMedia() || m.Media == nil:
		return all, "", carrier.NewRefusal("provider.unsupported")
	case silent && m.Text != "":
		return all, "", carrier.NewRefusal("provider.caption") // words must not get lost silently
	}
	f, err := placeFile(m.Media)
	f.Caption = m.Text
	switch m.Kind {
	case domain.KindImage:
		all.Image = &f
	case domain.KindVideo:
		all.Video = &f
	case domain.KindDocument:
		all.Document, f.Filename = &f, m.Media.Name
	case domain.KindSticker:
		all.Sticker = &f
	case domain.KindAudio, domain.KindVoice:
		all.Audio = &f
		return all, "audio", err
	}
	return all, string(m.Kind), err
}

// Media is a file as it is received. Link and URL are no words of the Cloud API, but of vendors that pass it on.
type Media struct {
	Link     text `json:"link"`
	URL      text `json:"url"`
	ID       text `json:"id"`
	MIME     text `json:"mime_type"`
	Caption  text `json:"caption"`
	Filename text `json:"filename"`
	Voice    bool `json:"voice"`
	Animated bool `json:"animated"`
}

// ReceivedFiles is the file of a message under the name of its type.
type ReceivedFiles struct {
	Image    *Media `json:"image"`
	Video    *Media `json:"video"`
	Audio    *Media `json:"audio"`
	Document *Media `json:"document"`
	Sticker  *Media `json:"sticker"`
}

// ForType is the file that a message of a type carries and the kind it has, or nil.
func (r ReceivedFiles) ForType(messageType string) (domain.MessageKind, *Media) {
	switch messageType {
	case "image":
		return domain.KindImage, r.Image
	case "video":
		return domain.KindVideo, r.Video
	case "audio":
		if r.Audio != nil && r.Audio.Voice {
			return domain.KindVoice, r.Audio
		}
		return domain.KindAudio, r.Audio
	case "document":
		return domain.KindDocument, r.Document
	case "sticker":
		return domain.KindSticker, r.Sticker
	}
	return "", nil
}
