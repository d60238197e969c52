package twilio

import (
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/wire"
)

// maxMedia bounds how many files one webhook may announce; the vendor sends ten at most.
const maxMedia = 50

// form is what a webhook carries. Repeated names are read by their first value, and texts are always valid UTF-8.
type form url.Values

func (f form) get(name string) string {
	return strings.ToValidUTF8(url.Values(f).Get(name), "\ufffd")
}

// firstOf is the first of several fields that has a value.
func (f form) firstOf(names ...string) string {
	for _, n := range names {
		if v := f.get(n); v != "" {
			return v
		}
	}
	return ""
}

// Parse translates a webhook: one message or one status. It fails only when the body is not one of the vendor's forms
// at all. The vendor tells no times, so items are dated by the moment the webhook was taken in.
func (d *Driver) Parse(w carrier.Webhook) (carrier.Batch, error) {
	if w.Header.Get(typeHeader) != "" && !isForm(w.Header) {
		return carrier.Batch{Unknown: []carrier.Unknown{{What: "event that is no form", Raw: w.Body}}}, nil
	}
	values, err := url.ParseQuery(string(w.Body))
	if err != nil {
		return carrier.Batch{}, fmt.Errorf("twilio: parse webhook: form is broken")
	}
	f := form(values)
	if f.firstOf("AccountSid", "MessageSid", "SmsSid") == "" {
		return carrier.Batch{}, fmt.Errorf("twilio: parse webhook: neither account nor message")
	}
	d = d.matchProduct(f)
	var b batch
	switch state := f.firstOf("MessageStatus", "SmsStatus"); {
	case f.firstOf("MessageSid", "SmsSid") == "":
		b.addUnknown("event without message", w.Body)
	case state == "received" || state == "receiving" || state == "":
		d.addMessage(&b, f, w)
	default:
		d.addStatus(&b, f, w)
	}
	return carrier.Batch(b), nil
}

// batch collects what one webhook says.
type batch carrier.Batch

func (b *batch) addUnknown(what string, raw []byte) {
	b.Unknown = append(b.Unknown, carrier.Unknown{What: what, Raw: raw})
}

// addMessage takes in what a customer said.
func (d *Driver) addMessage(b *batch, f form, w carrier.Webhook) {
	who := carrier.Person{
		Name:       strings.TrimSpace(f.get("ProfileName")),
		Identities: d.parseIdentities(f.get("From"), f.get("WaId"), f.get("ExternalUserId")),
	}
	if len(who.Identities) == 0 {
		b.addUnknown("message without author", w.Body)
		return
	}
	m := carrier.InboundMessage{
		Account:   d.receiverNumber(f.get("To")),
		Driver:    d.productName(),
		Contact:   who,
		From:      domain.ByCustomer,
		VendorID:  f.firstOf("MessageSid", "SmsSid"),
		At:        w.ReceivedAt,
		ReplyTo:   f.get("OriginalRepliedMessageSid"),
		Forwarded: f.get("Forwarded") == "true" || f.get("FrequentlyForwarded") == "true",
		Referral:  readReferral(f),
		Raw:       w.Body,
		Answered:  f.get("OptOutType") != "",
	}
	fillMessage(&m, f)
	b.Messages = append(b.Messages, m)
	d.addOptOut(b, m, f.get("OptOutType"))
}

// fillMessage decides by the fields that are there: the vendor's list of types is not published, so its word is no more
// than a hint. A message with nothing in it that we know becomes a placeholder with the raw data.
func fillMessage(m *carrier.InboundMessage, f form) {
	m.Text = f.get("Body")
	files, location := readAttachments(f), readLocation(f)
	switch {
	case f.firstOf("ButtonText", "ButtonPayload") != "":
		m.Kind, m.Text = domain.KindChoice, f.firstOf("ButtonText", "Body")
		m.Choice = &domain.Choice{ID: f.get("ButtonPayload")}
	case f.firstOf("ListId", "ListTitle") != "":
		m.Kind, m.Text = domain.KindChoice, f.firstOf("ListTitle", "Body")
		m.Choice = &domain.Choice{ID: f.get("ListId"), Description: f.get("ListDescription")}
	case len(files) > 0:
		m.Kind, m.Attachments = kindOf(files[0]), files
	case location != nil:
		m.Kind, m.Location = domain.KindLocation, location
	case m.Text != "":
		m.Kind = domain.KindText
	default:
		m.Kind = domain.KindUnsupported
	}
}

// readAttachments lists the files that were announced and are there: the announced number has been seen to be too high.
func readAttachments(f form) []domain.Attachment {
	var out []domain.Attachment
	count, _ := strconv.Atoi(f.get("NumMedia"))
	for i := range min(count, maxMedia) {
		n := strconv.Itoa(i)
		if address := f.get("MediaUrl" + n); address != "" {
			out = append(out, newAttachment(address, f.get("MediaContentType"+n)))
		}
	}
	return out
}

// newAttachment is a file to fetch. Its id at the vendor is its address.
func newAttachment(address, mime string) domain.Attachment {
	a := domain.Attachment{State: domain.FileFetching, VendorID: address, MIME: wire.PlainType(mime)}
	a.Voice = kindOf(a) == domain.KindVoice
	return a
}

// kindOf tells what a received file is by its type, which is all the vendor says.
func kindOf(a domain.Attachment) domain.MessageKind {
	family, _, _ := strings.Cut(a.MIME, "/")
	switch {
	case a.MIME == "image/webp":
		return domain.KindSticker
	case a.MIME == "audio/ogg":
		return domain.KindVoice
	case family == "image":
		return domain.KindImage
	case family == "audio":
		return domain.KindAudio
	case family == "video":
		return domain.KindVideo
	}
	return domain.KindDocument
}

func readLocation(f form) *domain.Location {
	latitude, err1 := strconv.ParseFloat(f.get("Latitude"), 64)
	longitude, err2 := strconv.ParseFloat(f.get("Longitude"), 64)
	if err1 != nil || err2 != nil || !(math.Abs(latitude) <= 90) || !(math.Abs(longitude) <= 180) {
		return nil
	}
	return &domain.Location{Latitude: latitude, Longitude: longitude, Name: f.get("Label"), Address: f.get("Address")}
}

func readReferral(f form) *domain.Referral {
	r := domain.Referral{
		URL:      f.get("ReferralSourceUrl"),
		Headline: f.get("ReferralHeadline"),
		Body:     f.get("ReferralBody"),
	}
	if r == (domain.Referral{}) {
		return nil
	}
	return &r
}

// addOptOut takes in that a customer wants no more messages, or wants them again. The vendor has answered the customer
// already.
func (d *Driver) addOptOut(b *batch, m carrier.InboundMessage, word string) {
	kind := map[string]carrier.ChangeKind{
		"STOP":  carrier.ContactOptedOut,
		"START": carrier.ContactOptedIn,
	}[strings.ToUpper(word)]
	if kind != "" {
		b.Changes = append(b.Changes, carrier.Change{
			Account: m.Account,
			Driver:  m.Driver,
			Kind:    kind,
			Detail:  m.Contact.Identities[0].Value,
			Who:     m.Contact.Identities,
		})
	}
}
