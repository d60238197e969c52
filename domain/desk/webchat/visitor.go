package webchat

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"unicode/utf8"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/search"
	"pult/domain/store"
)

// Chat is a chat on a shop's pages, as far as strangers may know it.
type Chat struct {
	domain.WebChatSettings
	Key     string
	Accepts []string // media types of the files it takes
	id      domain.ID
}

// Find finds a chat by the key in its address. One that is off, removed or of another kind of channel does not exist: NotFound.
func (s *Service) Find(ctx context.Context, key string) (Chat, error) {
	c, err := s.findConnection(ctx, key)
	if err != nil {
		return Chat{}, err
	}
	w := Chat{WebChatSettings: domain.WebChatOf(&c.Channel), Key: key, id: c.Channel.ID}
	for _, rule := range c.Capabilities().Files {
		w.Accepts = append(w.Accepts, rule.MIME...)
	}
	return w, nil
}

func (s *Service) findConnection(ctx context.Context, key string) (*carrier.Connection, error) {
	c, err := s.connections.FindByKey(ctx, key)
	if err == nil && !c.Capabilities().Visitors {
		err = domain.ErrNotFound
	}
	return c, err
}

// tokenLength is how many random bytes a visitor's token has.
const tokenLength = 32

// NewToken makes a token for a browser that cannot make its own.
func NewToken(random []byte) string {
	sum := sha256.Sum256(random)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// hashToken is all the desk keeps of a token; nil when the text is none.
func hashToken(token string) []byte {
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(b) != tokenLength {
		return nil
	}
	sum := sha256.Sum256(b)
	return sum[:]
}

// FindVisitor finds who holds a token at a chat; NotFound for somebody who never wrote there.
func (s *Service) FindVisitor(ctx context.Context, key, token string) (v domain.Visitor, err error) {
	c, err := s.findConnection(ctx, key)
	if err != nil {
		return v, err
	}
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		v, err = findVisitorByToken(tx, c, token)
		return err
	})
	return v, err
}

func findVisitorByToken(tx *store.Tx, c *carrier.Connection, token string) (domain.Visitor, error) {
	hash := hashToken(token)
	if hash == nil {
		return domain.Visitor{}, domain.ErrNotFound
	}
	v, ok, err := tx.VisitorByToken(c.Channel.ID, hash)
	if err == nil && !ok {
		err = domain.ErrNotFound
	}
	return v, err
}

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

// Say takes a visitor's message in: when it returns nil the message is on the disk and will be shown, however often it was
// sent. A token nobody used before makes a new visitor. Invalid names the fields at fault, with Args["hint"] a better mail address;
// TooMany says how long to wait.
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
	if err := s.store.AppendJournal(ctx, &e); err != nil {
		return err
	}
	return nil
}

// admitVisitor checks a message and gives the visitor with the details they told; they are stored when that is news.
func (s *Service) admitVisitor(ctx context.Context, c *carrier.Connection, token string, m Message) (v domain.Visitor, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		v, err = findVisitorByToken(tx, c, token)
		return err
	})
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

// applyDetails takes over the details that were told.
func applyDetails(v *domain.Visitor, m Message) {
	if name := domain.Clip(domain.LegibleName(m.Name), 120); name != "" {
		v.Name = name
	}
	if m.Email != "" {
		v.Email = domain.NormalEmail(m.Email)
	}
}

// storeVisitor writes a visitor; a new one gets the token.
func storeVisitor(tx *store.Tx, c *carrier.Connection, token string, v *domain.Visitor) error {
	if v.ID.IsZero() {
		existing, ok, err := tx.VisitorByToken(c.Channel.ID, hashToken(token))
		if err != nil {
			return err
		}
		v.ID, v.ChannelID, v.CreatedAt = tx.NewID(), c.Channel.ID, tx.Now
		if ok { // made by another request at the same moment
			v.ID, v.CreatedAt = existing.ID, existing.CreatedAt
		}
		if err := tx.BindToken(v, hashToken(token)); err != nil {
			return err
		}
	}
	return tx.PutVisitor(v)
}

// checkMessage names every fault at once.
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

// findEmailFault is the message key of what is wrong with a mail address, "" when nothing is. Accents are told apart from other
// mistakes, because those who type them do not see what is wrong.
func findEmailFault(email string) string {
	switch {
	case domain.IsEmail(email):
		return ""
	case stripAccents(email) != "":
		return "error.field.email_accents"
	}
	return "error.field.email"
}

// stripAccents is a mail address with its accents taken off; "" when it has none, or is no address without them either.
func stripAccents(email string) string {
	plain := search.Fold(email)
	if utf8.RuneCountInString(email) == len(email) || !domain.IsEmail(plain) {
		return ""
	}
	return plain
}

// newDelivery is the delivery that the channel's driver will read.
func (s *Service) newDelivery(ctx context.Context, c *carrier.Connection, v domain.Visitor, m Message) (message carrier.VisitorMessage, err error) {
	message = carrier.VisitorMessage{
		Visitor: v.ID, ID: m.ID, Name: v.Name, Email: v.Email, Vouched: v.IsVouchedFor(), Language: v.Language, Text: m.Text,
		Page: cleanPageAddress(m.Page), Title: domain.Clip(domain.LegibleName(m.Title), 200),
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
			message.Files = append(message.Files, carrier.VisitorFile{ID: f.ID, Name: f.Name, MIME: f.MIME, Size: f.Size})
		}
		return nil
	})
	return message, err
}

func checkLength(c *carrier.Connection, text string) error {
	if err := c.Check(carrier.Outgoing{Kind: domain.KindText, Text: text}); text != "" && err != nil {
		return domain.FieldFault("text", "provider.too_long").Because(err)
	}
	return nil
}

// addFirstWords adds what is said around the first message: a greeting in the very first conversation, and in each that begins anew
// that somebody will answer.
func addFirstWords(tx *store.Tx, v *domain.Visitor, m Message, s *carrier.VisitorMessage) error {
	conversation, ok, err := findNewest(tx, v)
	if err != nil || ok && conversation.Status != domain.StatusClosed {
		return err
	}
	if s.FollowUp = m.FollowUp; ok {
		s.After = conversation.ID
		return nil
	}
	s.Greeting = m.Greeting
	return nil
}

// visitorCode tells nameless visitors apart.
func visitorCode(id domain.ID) string {
	text := id.String()
	return strings.ToUpper(text[len(text)-4:])
}
