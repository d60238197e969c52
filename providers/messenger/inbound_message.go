package messenger

import (
	"cmp"
	"net/url"
	"path"
	"strconv"
	"strings"

	"pult/domain"
	"pult/domain/carrier"
)

// readMessage takes in something said by either side.
func (p *parser) readMessage(i item, w wireMessage, customer string, from domain.AuthorKind) {
	m := carrier.InboundMessage{
		Contact:  i.newPerson(customer),
		From:     from,
		VendorID: string(w.ID),
		Text:     string(w.Text),
		ReplyTo:  string(w.ReplyTo.ID),
		Referral: w.Referral.toReferral(),
	}
	if w.Deleted {
		m.Kind, m.Delete, m.Target, m.VendorID = domain.KindText, true, m.VendorID, "deleted:"+m.VendorID
		p.addMessage(i, m)
		return
	}
	fillMessage(&m, w)
	p.addMessage(i, m)
}

// fillMessage translates the contents. What is new to us becomes a placeholder; the raw data is kept with it.
func fillMessage(m *carrier.InboundMessage, w wireMessage) {
	m.Kind = domain.KindText
	for n, a := range dropRepeats(w.Attachments) {
		addAttachment(m, n, a)
	}
	if w.QuickReply != nil {
		m.Kind, m.Choice = domain.KindChoice, &domain.Choice{ID: string(w.QuickReply.Payload)}
	}
	if m.Text == "" && len(w.Commands) > 0 {
		m.Text = "/" + string(w.Commands[0].Name)
	}
	if m.Kind == domain.KindText && m.Text == "" {
		m.Kind = domain.KindUnsupported
	}
}

// dropRepeats leaves out the second telling of a sticker: until the end of August 2026 the vendor sends each as a
// sticker and as a picture. The places of the others stay, because files are asked for by them.
func dropRepeats(list []wireAttachment) []wireAttachment {
	seen := map[text]bool{}
	for _, a := range list {
		if a.Type == "sticker" && a.Payload.StickerID != "" {
			seen[a.Payload.StickerID] = true
		}
	}
	out := make([]wireAttachment, 0, len(list))
	for _, a := range list {
		if a.Type == "image" && seen[a.Payload.StickerID] {
			a = wireAttachment{}
		}
		out = append(out, a)
	}
	return out
}

// thumbs are the three sizes of the big thumb, which people send instead of words.
var thumbs = map[text]bool{"369239263222822": true, "369239343222814": true, "369239383222810": true}

var fileKinds = map[text]domain.MessageKind{
	"image":   domain.KindImage,
	"video":   domain.KindVideo,
	"audio":   domain.KindAudio,
	"file":    domain.KindDocument,
	"sticker": domain.KindSticker,
}

// addAttachment adds the n-th attachment to the message. One of a type that is new to us adds nothing.
func addAttachment(m *carrier.InboundMessage, n int, a wireAttachment) {
	kind, isFile := fileKinds[a.Type]
	switch {
	case a.Type == "":
	case thumbs[a.Payload.StickerID]:
		m.Text = strings.TrimSpace(m.Text + " 👍")
	case isFile && a.Payload.URL != "":
		attachFile(m, n, kind, a)
	case a.Type == "location" && a.Payload.Coordinates != nil:
		at := a.Payload.Coordinates
		m.Kind = domain.KindLocation
		m.Location = &domain.Location{
			Latitude:  float64(at.Lat),
			Longitude: float64(at.Long),
			Name:      string(cmp.Or(a.Title, a.Payload.Title)),
			URL:       absoluteURL(cmp.Or(a.URL, a.Payload.URL)),
		}
	case a.Type == "template":
		appendText(m, a.templateText())
	case shared[a.Type]:
		addShare(m, a)
	}
}

// shared are the types that point at something on Facebook or on the web.
var shared = map[text]bool{
	"fallback":      true,
	"reel":          true,
	"ig_reel":       true,
	"post":          true,
	"ig_post":       true,
	"share":         true,
	"story_mention": true,
}

// addShare adds a link and its title as words, unless the customer's own words hold it already.
func addShare(m *carrier.InboundMessage, a wireAttachment) {
	title, link := string(cmp.Or(a.Payload.Title, a.Title)), absoluteURL(cmp.Or(a.Payload.URL, a.URL))
	if link != "" && strings.Contains(m.Text, link) {
		link = ""
	}
	if link == "" && title != "" && m.Text != "" {
		title = "" // the preview of what is written there
	}
	appendText(m, title)
	appendText(m, link)
}

// appendText adds a line to the words.
func appendText(m *carrier.InboundMessage, line string) {
	if line != "" {
		m.Text = strings.TrimSpace(m.Text + "\n" + line)
	}
}

// templateText are the words of a template: its text, or title and subtitle of each element.
func (a wireAttachment) templateText() string {
	elements := a.Payload.Elements
	for _, p := range []*wireProduct{a.Payload.Product, a.Payload.Generic} {
		if p != nil {
			elements = append(elements, p.Elements...)
		}
	}
	lines := []string{string(cmp.Or(a.Payload.Text, a.Title))}
	for _, e := range elements {
		lines = append(lines, strings.Trim(string(e.Title)+" – "+string(e.Subtitle), " –"))
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// absoluteURL is an address as people can open it; those of reels may lack the host.
func absoluteURL(t text) string {
	u, err := url.Parse(string(t))
	if err != nil || t == "" {
		return ""
	}
	u = (&url.URL{Scheme: "https", Host: "www.facebook.com"}).ResolveReference(u)
	if u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	return u.String()
}

// attachFile adds a file. The first one gives the message its kind. Its address is tried first and dies within days; by
// message and place a new one can be asked for.
func attachFile(m *carrier.InboundMessage, n int, kind domain.MessageKind, a wireAttachment) {
	name := fileName(string(a.Payload.URL))
	if a.Payload.StickerID != "" {
		kind = domain.KindSticker
	}
	if kind == domain.KindAudio && strings.HasPrefix(name, recorded) {
		kind = domain.KindVoice
	}
	if len(m.Attachments) == 0 {
		m.Kind = kind
	}
	m.Attachments = append(m.Attachments, domain.Attachment{
		State:    domain.FileFetching,
		VendorID: fileID(m.VendorID, n, string(a.Payload.URL)),
		Name:     name,
		MIME:     types[strings.ToLower(path.Ext(name))],
		Voice:    kind == domain.KindVoice,
	})
}

// recorded begins the names of what was recorded in the conversation: the vendor tells it apart from a file in no other
// way.
const recorded = "audioclip-"

// fileID is how a file is asked for again: message, place in it, address.
func fileID(message string, n int, address string) string {
	return message + " " + strconv.Itoa(n) + " " + address
}

// splitFileID takes an id apart; a bare address is one without a message.
func splitFileID(id string) (message string, n int, address string) {
	parts := strings.SplitN(id, " ", 3)
	if len(parts) != 3 {
		return "", 0, id
	}
	n, _ = strconv.Atoi(parts[1])
	return parts[0], n, parts[2]
}

// fileName is the last part of an address, as the sender called the file or the vendor stored it.
func fileName(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	name := path.Base(u.Path)
	if name == "." || name == "/" {
		return ""
	}
	return name
}

// types by the end of a name: webhooks tell none.
var types = map[string]string{
	".jpg":  "image/jpeg",
	".jpeg": "image/jpeg",
	".png":  "image/png",
	".gif":  "image/gif",
	".webp": "image/webp",
	".mp4":  "video/mp4",
	".mov":  "video/quicktime",
	".webm": "video/webm",
	".mp3":  "audio/mpeg",
	".m4a":  "audio/mp4",
	".aac":  "audio/aac",
	".ogg":  "audio/ogg",
	".wav":  "audio/wav",
	".pdf":  "application/pdf",
	".txt":  "text/plain",
	".csv":  "text/csv",
	".zip":  "application/zip",
	".doc":  "application/msword",
	".xls":  "application/vnd.ms-excel",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

// toReferral is the advertisement or link a customer came from; nil when there is none.
func (r *wireReferral) toReferral() *domain.Referral {
	if r == nil {
		return nil
	}
	out := domain.Referral{
		URL: absoluteURL(cmp.Or(r.Referer, r.Ad.Video, r.Ad.Photo)), Headline: string(r.Ad.Title),
		Body: string(cmp.Or(r.Ref, r.Product.ID, r.AdID, r.Source)),
	}
	if out == (domain.Referral{}) {
		return nil
	}
	return &out
}

// emojis are the reactions that Messenger has names for.
var emojis = map[text]string{
	"smile":   "😆",
	"angry":   "😠",
	"sad":     "😢",
	"wow":     "😮",
	"love":    "❤️",
	"like":    "👍",
	"dislike": "👎",
	"other":   "❔",
}

// emojiOf is the reaction as it looks; one without a picture goes by its name.
func emojiOf(w wireReaction) string {
	if w.Emoji != "" {
		return string(w.Emoji)
	}
	if e := emojis[w.Reaction]; e != "" {
		return e
	}
	return emojis["other"]
}
