package webchat_test

import (
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/webchat"
	"pult/domain/store"
	"pult/internal/desktest"
)

const shopSecret = domain.Secret("the secret of the shop")

// chat is a desk with a web chat on a shop's page.
type chat struct {
	*desktest.Desk
	t       *testing.T
	channel domain.Channel
	said    int
}

func newChat(t *testing.T, settings map[string]string) *chat {
	t.Helper()
	d := desktest.New(t)
	all := map[string]string{"origins": "https://shop.example"}
	for k, v := range settings {
		all[k] = v
	}
	c, err := d.Channels.Add(t.Context(), d.Eva, domain.Channel{
		Key: "web", Kind: domain.WebChat, Driver: "webchat", Name: "Chat", Enabled: true, Settings: all,
		Secrets: map[string]domain.Secret{"identity_secret": shopSecret},
	})
	if err != nil {
		t.Fatal(err)
	}
	return &chat{Desk: d, t: t, channel: c}
}

// tokenOf is the token of one visitor.
func tokenOf(seed string) string { return webchat.NewToken([]byte(seed)) }

// say sends a text and waits until it is taken in.
func (c *chat) say(token, text string) webchat.Message {
	c.t.Helper()
	c.said++
	m := webchat.Message{
		ID:       "message-" + strings.Repeat("x", c.said),
		Text:     text,
		Greeting: "Hello?",
		FollowUp: "Wait, please.",
		Nameless: "Visitor",
		Language: domain.Czech,
		Address:  "198.51.100.7",
	}
	if err := c.WebChat.Say(c.t.Context(), "web", token, m); err != nil {
		c.t.Fatal(err)
	}
	c.Settle()
	return m
}

func (c *chat) visitor(token string) domain.Visitor {
	c.t.Helper()
	v, err := c.WebChat.FindVisitor(c.t.Context(), "web", token)
	if err != nil {
		c.t.Fatal(err)
	}
	return v
}

// thread is what a visitor's page shows, as "who: text".
func (c *chat) thread(token string) (list []string) {
	c.t.Helper()
	t, err := c.WebChat.ReadThread(c.t.Context(), c.visitor(token))
	if err != nil {
		c.t.Fatal(err)
	}
	for _, i := range t.Items {
		who := i.Name
		if i.Own {
			who = "me"
		}
		list = append(list, who+": "+i.Text)
	}
	return list
}

// conversation is the visitor's as the desk has it.
func (c *chat) conversation(token string) domain.Conversation {
	v := c.visitor(token)
	return c.With(c.channel, carrier.Person{Name: v.Name, Identities: []domain.Identity{v.Identity()}})
}

func (c *chat) answer(token, text string) domain.Message {
	c.t.Helper()
	c.Clock.Move(time.Second)
	list, err := c.Outbound.Reply(c.t.Context(), c.Jana, c.NewReply(c.conversation(token).ID, text))
	if err != nil {
		c.t.Fatal(err)
	}
	c.Settle()
	return list[0]
}

func (c *chat) contact(id domain.ID) (contact domain.Contact) {
	c.t.Helper()
	err := c.Store.View(c.t.Context(), func(tx *store.Tx) (err error) {
		contact, err = tx.Contact(id)
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return contact
}

func (c *chat) mailContact(name, address string) (id domain.ID) {
	c.t.Helper()
	err := c.Store.Update(c.t.Context(), func(tx *store.Tx) error {
		p := domain.Contact{ID: tx.NewID(), Name: name, Identities: []domain.Identity{{Kind: domain.MailIdentity, Value: address}}}
		id = p.ID
		return tx.PutContact(&p)
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return id
}

func (c *chat) identify(token string, change func(*domain.SignedVisitor)) error {
	c.Clock.Move(time.Second) // the shop signs anew for each page
	s := domain.SignedVisitor{User: "42", Name: "Žofie", Email: "zofie@example.org", Expires: c.Clock.Now().Add(time.Hour).Unix()}
	s.Signature = s.Sign(shopSecret)
	change(&s)
	return c.WebChat.Identify(c.t.Context(), "web", token, "198.51.100.7", s)
}
