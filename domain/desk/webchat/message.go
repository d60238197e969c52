package webchat

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/search"
	"pult/domain/store"
)

// Message is what a visitor sends. ID is made by their page: the same ID again is the same message.
type Message struct {
	ID          string
	Text        string
	Files       []domain.ID // uploads of the same visitor
	Name, Email string      // details, where they are asked for
	Language    domain.Language
	Page, Title string // where they write from
	Greeting    string // what they had read before their first message
	FollowUp    string // what they are told after it
	Nameless    string // what to call them when they told no name
	Address     string // of their machine, for the limits
}

// MaxFiles is how many files one message of a visitor may carry.
const MaxFiles = 5

// messageIDForm is what a page may call a message; drivers add to it after a dot.
var messageIDForm = regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`)

// Say journals a visitor's message: when it returns nil the message is on the disk and will be shown once, however
// often it was sent. A token that nobody used before makes a new visitor. Invalid names the fields at fault, with a
// better mail address in Args["hint"]; TooMany says how long to wait.
func (s *Service) Say(ctx context.Context, key, token string, m Message) error {
	c, err := s.findConnection(ctx, key)
	if err != nil {
		return err
	}
	m.Text = strings.TrimSpace(strings.ToValidUTF8(m.Text, "\uFFFD"))
	m.Name, m.Email = strings.TrimSpace(m.Name), strings.TrimSpace(m.Email)
	if hashToken(token) == nil || !messageIDForm.MatchString(m.ID) {
		return domain.Refuse(domain.Invalid, "error.message_id")
	}
	if err := s.limits.chargeMessage(s.now(), c.Channel.ID, token, m.Address); err != nil {
		return err
	}
	v, err := s.admitVisitor(ctx, c, token, m)
	if err != nil {
		return err
	}
	delivery, err := s.newDelivery(ctx, c, v, m)
	if err != nil {
		return err
	}
	body, err := json.Marshal(delivery)
	if err != nil {
		return err
	}
	e := domain.JournalEntry{ChannelID: c.Channel.ID, Body: body}
	return s.store.AppendJournal(ctx, &e)
}

// admitVisitor checks a message and gives its visitor with the details that stand in it, stored when they are new.
func (s *Service) admitVisitor(
	ctx context.Context,
	c *carrier.Connection,
	token string,
	m Message,
) (v domain.Visitor, err error) {
	v, err = store.Read(
		ctx,
		s.store,
		func(tx *store.Tx) (domain.Visitor, error) { return findVisitorByToken(tx, c, token) },
	)
	isNew := domain.KindOf(err) == domain.NotFound
	if err != nil && !isNew {
		return v, err
	}
	old := v
	if v.Language = m.Language; !v.IsVouchedFor() {
		applyDetails(&v, m)
	}
	if err := checkMessage(domain.WebChatOf(&c.Channel), &v, m); err != nil {
		return v, err
	}
	if !isNew && v == old {
		return v, nil
	}
	if isNew {
		if err := s.limits.chargeNewcomer(s.now(), c.Channel.ID, m.Address); err != nil {
			return v, err
		}
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error { return storeVisitor(tx, c, token, &v) })
	return v, err
}

// applyDetails takes over the name and the mail address that stand in a message.
func applyDetails(v *domain.Visitor, m Message) {
	if name := domain.Clip(domain.LegibleName(m.Name), 120); name != "" {
		v.Name = name
	}
	if m.Email != "" {
		v.Email = domain.NormalEmail(m.Email)
	}
}

// checkMessage is Invalid with every fault of a message at once.
func checkMessage(w domain.WebChatSettings, v *domain.Visitor, m Message) error {
	f := domain.FieldErrors{}
	name, email := v.MissingDetails(w.Details)
	if name {
		f.Add("name", "error.field.required")
	}
	var hint string
	if fault := findEmailFault(v.Email); email {
		f.Add("email", "error.field.required")
	} else if fault != "" && v.Email != "" && !v.IsVouchedFor() {
		f.Add("email", fault)
		hint = stripAccents(v.Email)
	}
	if m.Text == "" && len(m.Files) == 0 {
		f.Add("text", "error.empty_message")
	}
	if len(m.Files) > MaxFiles {
		f.Add("files", "error.visitor_files")
	}
	err := f.Err()
	var e *domain.Error
	if hint != "" && errors.As(err, &e) {
		e.Args = map[string]any{"hint": hint}
	}
	return err
}

// findEmailFault gives the message key of what is wrong with a mail address, "" when nothing is. Accents have a
// sentence of their own, because people who type them do not see what is wrong.
func findEmailFault(email string) string {
	switch {
	case domain.IsEmail(email):
		return ""
	case stripAccents(email) != "":
		return "error.field.email_accents"
	}
	return "error.field.email"
}

// stripAccents takes the accents off a mail address; "" when it has none, or is no address without them either.
func stripAccents(email string) string {
	plain := search.Fold(email)
	if utf8.RuneCountInString(email) == len(email) || !domain.IsEmail(plain) {
		return ""
	}
	return plain
}

// newDelivery makes of a visitor's message what the channel's driver will parse.
func (s *Service) newDelivery(
	ctx context.Context,
	c *carrier.Connection,
	v domain.Visitor,
	m Message,
) (message carrier.VisitorMessage, err error) {
	message = carrier.VisitorMessage{
		Visitor:  v.ID,
		ID:       m.ID,
		Name:     v.Name,
		Email:    v.Email,
		Vouched:  v.IsVouchedFor(),
		Language: v.Language,
		Text:     m.Text,
		Page:     cleanPageAddress(m.Page),
		Title:    domain.Clip(domain.LegibleName(m.Title), 200),
	}
	if message.Name == "" && !message.Vouched {
		message.Name = m.Nameless + " " + visitorCode(v.ID)
	}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		if err := checkLength(c, m.Text); err != nil {
			return err
		}
		if err := addFirstWords(tx, &v, m, &message); err != nil {
			return err
		}
		for _, id := range m.Files {
			f, err := findUpload(tx, &v, id)
			if err != nil {
				return err
			}
			message.Files = append(message.Files, carrier.VisitorFile{
				ID:   f.ID,
				Name: f.Name,
				MIME: f.MIME,
				Size: f.Size,
			})
		}
		return nil
	})
	return message, err
}

// checkLength is Invalid for a text that is longer than the channel allows.
func checkLength(c *carrier.Connection, text string) error {
	if err := c.Check(carrier.Outgoing{Kind: domain.KindText, Text: text}); text != "" && err != nil {
		return domain.FieldFault("text", "provider.too_long").Because(err)
	}
	return nil
}

// addFirstWords adds to the first message of a conversation what the page showed around it: the greeting before it,
// when it is the visitor's first conversation, and after it that somebody will answer.
func addFirstWords(tx *store.Tx, v *domain.Visitor, m Message, delivery *carrier.VisitorMessage) error {
	conversation, ok, err := findNewest(tx, v)
	if err != nil || ok && conversation.Status != domain.StatusClosed {
		return err
	}
	if delivery.FollowUp = m.FollowUp; ok {
		delivery.After = conversation.ID
		return nil
	}
	delivery.Greeting = m.Greeting
	return nil
}

// cleanPageAddress gives the address of a page as operators see it, without its user and its fragment, which may hold
// secrets; "" when it is no address of the web.
func cleanPageAddress(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	u.User, u.Fragment, u.RawFragment = nil, "", ""
	return domain.Clip(u.String(), 500)
}
