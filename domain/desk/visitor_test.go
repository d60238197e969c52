package desk_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/outbound"
	"pult/domain/desk/requests"
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

// browser is the token of one visitor.
func browser(seed string) string { return webchat.NewToken([]byte(seed)) }

// say sends a text and waits until it is taken in.
func (c *chat) say(token, text string) webchat.Message {
	c.t.Helper()
	c.said++
	m := webchat.Message{ID: "message-" + strings.Repeat("x", c.said), Text: text, Greeting: "Hello?", FollowUp: "Wait, please.", Nameless: "Visitor", Language: domain.Czech, Address: "198.51.100.7"}
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
	list, err := c.Outbound.Reply(c.t.Context(), c.Jana, outbound.Reply{ID: c.NewID(), ConversationID: c.conversation(token).ID, Text: text})
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

func TestVisitor_GreetedHeardAndAnswered(t *testing.T) {
	c := newChat(t, nil)
	anna := browser("anna")
	c.say(anna, "Is it in stock?")
	row := c.conversation(anna)
	if row.LastMessage.Text != "Is it in stock?" {
		t.Errorf("the table shows %q, want what the visitor said", row.LastMessage.Text)
	}
	if !row.IsWaiting() || row.Unread != 1 || !strings.HasPrefix(row.Name, "Visitor ") {
		t.Errorf("got %+v, want a nameless visitor who waits with one unread message", row)
	}
	c.answer(anna, "Yes, blue and red")
	want := []string{": Hello?", "me: Is it in stock?", ": Wait, please.", "Jana Nová: Yes, blue and red"}
	if got := c.thread(anna); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	c.say(anna, "Thanks")
	if got := c.thread(anna); len(got) != 5 {
		t.Errorf("got %q, want no second greeting", got)
	}
}

func TestVisitorSay_SameMessageTwiceIsOne(t *testing.T) {
	c := newChat(t, nil)
	anna := browser("anna")
	m := c.say(anna, "Once")
	for range 3 {
		if err := c.WebChat.Say(t.Context(), "web", anna, m); err != nil {
			t.Fatal(err)
		}
	}
	c.Settle()
	if got := c.thread(anna); len(got) != 3 {
		t.Errorf("got %q, want greeting, message and follow-up once", got)
	}
}

func TestVisitorSay_TwoQuickMessagesAreGreetedOnce(t *testing.T) {
	c := newChat(t, nil)
	anna := browser("anna")
	for _, id := range []string{"message-one", "message-two"} {
		if err := c.WebChat.Say(t.Context(), "web", anna, webchat.Message{ID: id, Text: id, Greeting: "Hello?", FollowUp: "Wait", Nameless: "Visitor"}); err != nil {
			t.Fatal(err)
		}
	}
	c.Settle()
	if got := c.thread(anna); len(got) != 4 {
		t.Errorf("got %q, want one greeting, two messages, one follow-up", got)
	}
}

func TestVisitorSay_AcknowledgedSurvivesTheEndOfTheProgram(t *testing.T) {
	c := newChat(t, nil)
	c.Stop() // nothing is taken in any more, and still nothing is lost
	if err := c.WebChat.Say(t.Context(), "web", browser("anna"), webchat.Message{ID: "message-1", Text: "Hello", Nameless: "Visitor"}); err != nil {
		t.Fatal(err)
	}
	err := c.Store.View(t.Context(), func(tx *store.Tx) error {
		entries, _, err := tx.Journal(10, 1<<20)
		if len(entries) != 1 {
			t.Errorf("got %d journal entries, want 1", len(entries))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestVisitor_OthersConversationsNeverAppear(t *testing.T) {
	c := newChat(t, nil)
	anna, bobs := browser("anna"), browser("bob")
	c.say(anna, "Anna's secret")
	c.say(bobs, "Bob's question")
	secret := c.answer(anna, "Anna's answer")
	bob, ctx := c.visitor(bobs), t.Context()
	if got := strings.Join(c.thread(bobs), " "); strings.Contains(got, "Anna") {
		t.Errorf("Bob reads %q", got)
	}
	if _, err := c.WebChat.ReadItem(ctx, bob, secret.ID); domain.KindOf(err) != domain.NotFound {
		t.Errorf("message: got %v, want not found", err)
	}
	if own, err := c.WebChat.Owns(ctx, bob, secret.ConversationID); own || err != nil {
		t.Errorf("conversation: got %t %v, want not his", own, err)
	}
	if seen, err := c.WebChat.LastSeen(ctx, bob, secret.ConversationID); seen != "" || err != nil {
		t.Errorf("read state: got %q %v, want nothing", seen, err)
	}
	if _, _, err := c.WebChat.OpenFile(ctx, bob, secret.ID, 0); domain.KindOf(err) != domain.NotFound {
		t.Errorf("file: got %v, want not found", err)
	}
	if _, err := c.WebChat.FindVisitor(ctx, "web", browser("nobody")); domain.KindOf(err) != domain.NotFound {
		t.Errorf("unknown token: got %v, want not found", err)
	}
	if _, err := c.WebChat.FindVisitor(ctx, "shop", anna); domain.KindOf(err) != domain.NotFound {
		t.Errorf("token at another channel: got %v, want not found", err)
	}
}

func TestVisitorThread_HidesWhatIsNotForTheCustomer(t *testing.T) {
	c := newChat(t, nil)
	anna := browser("anna")
	c.say(anna, "Hello")
	row := c.conversation(anna)
	if err := c.Chats.SetStatus(t.Context(), c.Jana, row.ID, domain.StatusPending); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Requests.Create(t.Context(), c.Jana, requests.Form{ConversationID: row.ID, Title: "Internal matter"}); err != nil {
		t.Fatal(err)
	}
	if got := c.thread(anna); len(got) != 3 {
		t.Errorf("got %q, want no activity lines", got)
	}
}

func TestVisitorSay_DetailsAreMandatoryWhenAsked(t *testing.T) {
	c := newChat(t, map[string]string{"details": "both"})
	try := func(name, email string) map[string]string {
		err := c.WebChat.Say(t.Context(), "web", browser("anna"), webchat.Message{ID: "message-1", Text: "Hello", Name: name, Email: email, Nameless: "Visitor"})
		return fieldsOf(err)
	}
	if got := try("", ""); got["name"] != "error.field.required" || got["email"] != "error.field.required" {
		t.Errorf("nothing told: got %v", got)
	}
	if got := try("Anna", "josé@example.org"); got["email"] != "error.field.email_accents" {
		t.Errorf("accents: got %v", got)
	}
	if got := try("Anna", "not an address"); got["email"] != "error.field.email" {
		t.Errorf("no address: got %v", got)
	}
	if _, err := c.WebChat.FindVisitor(t.Context(), "web", browser("anna")); domain.KindOf(err) != domain.NotFound {
		t.Errorf("a refused message left a visitor behind: %v", err)
	}
	if got := try("Anna", "jose@example.org"); got != nil {
		t.Errorf("all told: got %v, want it taken", got)
	}
	c.Settle()
	if err := c.WebChat.Say(t.Context(), "web", browser("anna"), webchat.Message{ID: "message-2", Text: "More"}); err != nil {
		t.Errorf("told once: got %v, want it taken", err)
	}
}

// refusal is the refusal in an error, nil when there is none.
func refusal(err error) *domain.Error {
	var e *domain.Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

func fieldsOf(err error) map[string]string {
	if e := refusal(err); e != nil {
		return e.Fields
	}
	return nil
}

func TestVisitorSay_HintForAccents(t *testing.T) {
	c := newChat(t, map[string]string{"details": "email"})
	err := c.WebChat.Say(t.Context(), "web", browser("a"), webchat.Message{ID: "message-1", Text: "Hello", Email: "Žofie.Nováková@Example.org"})
	if e := refusal(err); e == nil || e.Args["hint"] != "zofie.novakova@example.org" {
		t.Errorf("got %+v, want a hint without accents", e)
	}
}

func TestVisitor_UnverifiedMailMergesNobody(t *testing.T) {
	c := newChat(t, map[string]string{"details": "email"})
	known := c.mailContact("Žofie", "zofie@example.org")
	for _, token := range []string{browser("one"), browser("two")} {
		if err := c.WebChat.Say(t.Context(), "web", token, webchat.Message{ID: "message-1", Text: "It is me", Email: "zofie@example.org", Nameless: "Visitor"}); err != nil {
			t.Fatal(err)
		}
	}
	c.Settle()
	one, two := c.conversation(browser("one")), c.conversation(browser("two"))
	if one.ContactID == known || two.ContactID == known || one.ContactID == two.ContactID {
		t.Errorf("contacts were merged by a mail address that nobody vouched for")
	}
	if got := c.contact(one.ContactID).Details["visitor.email"]; got != "zofie@example.org" {
		t.Errorf("got detail %q, want the address", got)
	}
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
	s := domain.SignedVisitor{User: "42", Name: "Žofie", Email: "zofie@example.org", Expires: c.Clock.Now().Add(time.Hour).Unix()}
	s.Signature = s.Sign(shopSecret)
	change(&s)
	return c.WebChat.Identify(c.t.Context(), "web", token, "198.51.100.7", s)
}

func TestVisitorIdentify_SamePersonOnEveryMachine(t *testing.T) {
	c := newChat(t, map[string]string{"details": "both"})
	known := c.mailContact("Žofie", "zofie@example.org")
	laptop, phone := browser("laptop"), browser("phone")
	asIs := func(*domain.SignedVisitor) {}
	if err := c.identify(laptop, asIs); err != nil {
		t.Fatal(err)
	}
	c.say(laptop, "From the laptop") // is not asked for details
	if err := c.identify(phone, asIs); err != nil {
		t.Fatal(err)
	}
	c.say(phone, "From the telephone")
	if got := c.conversation(laptop); got.ContactID != known || got.ID != c.conversation(phone).ID {
		t.Errorf("got contact %s, want the one whose address was vouched for, and one conversation", got.ContactID)
	}
	if got := c.thread(phone); len(got) != 4 {
		t.Errorf("got %q on the telephone, want all of it", got)
	}
}

func TestVisitorIdentify_AnotherAccountWithTheSameAddressReadsNothing(t *testing.T) {
	c := newChat(t, nil)
	first, second := browser("first"), browser("second")
	if err := c.identify(first, func(*domain.SignedVisitor) {}); err != nil {
		t.Fatal(err)
	}
	c.say(first, "Where is my order?")
	c.answer(first, "At the post office")
	other := func(s *domain.SignedVisitor) { s.User = "43"; s.Signature = s.Sign(shopSecret) } // who wrote a foreign address into their account
	if err := c.identify(second, other); err != nil {
		t.Fatal(err)
	}
	c.say(second, "And mine?")
	if got := c.thread(second); len(got) != 3 || got[1] != "me: And mine?" {
		t.Errorf("the second account reads %q, want its own words alone", got)
	}
	if got := c.thread(first); len(got) != 4 {
		t.Errorf("the first account reads %q, want its conversation as it was", got)
	}
	if c.conversation(first).ContactID == c.conversation(second).ContactID {
		t.Error("both accounts are one contact")
	}
	if got := c.contact(c.conversation(second).ContactID).Details["visitor.email"]; got != "zofie@example.org" {
		t.Errorf("got detail %q, want the address to be seen", got)
	}
}

func TestVisitorIdentify_WhatWasSaidBeforeSigningInStays(t *testing.T) {
	c := newChat(t, nil)
	anna := browser("anna")
	c.say(anna, "Before")
	if err := c.identify(anna, func(*domain.SignedVisitor) {}); err != nil {
		t.Fatal(err)
	}
	c.say(anna, "After")
	if got := c.thread(anna); len(got) != 4 {
		t.Errorf("got %q, want both messages", got)
	}
	other := func(s *domain.SignedVisitor) { s.User, s.Email = "43", ""; s.Signature = s.Sign(shopSecret) }
	if err := c.identify(anna, other); err != nil {
		t.Fatal(err)
	}
	if got := c.thread(anna); len(got) != 0 {
		t.Errorf("another person at the same machine reads %q", got)
	}
}

func TestVisitorIdentify_ForgedAndExpiredAreRefused(t *testing.T) {
	c := newChat(t, nil)
	for name, change := range map[string]func(*domain.SignedVisitor){
		"forged":  func(s *domain.SignedVisitor) { s.User = "43" },
		"expired": func(s *domain.SignedVisitor) { s.Expires = c.Clock.Now().Unix(); s.Signature = s.Sign(shopSecret) },
		"guessed": func(s *domain.SignedVisitor) { s.Signature = s.Sign("guess") },
		"missing": func(s *domain.SignedVisitor) { s.Signature = "" },
	} {
		if err := c.identify(browser(name), change); domain.KindOf(err) != domain.Forbidden {
			t.Errorf("%s: got %v, want Forbidden", name, err)
		}
		if _, err := c.WebChat.FindVisitor(t.Context(), "web", browser(name)); domain.KindOf(err) != domain.NotFound {
			t.Errorf("%s: left a visitor behind", name)
		}
	}
}

func TestVisitorPace_FloodsAreSlowedDown(t *testing.T) {
	c := newChat(t, nil)
	flood := func(token func(int) string) (refused int, last error) {
		for i := range 70 {
			m := webchat.Message{ID: fmt.Sprintf("message-%d", i), Text: "x", Nameless: "Visitor", Address: "203.0.113.9"}
			if err := c.WebChat.Say(t.Context(), "web", token(i), m); err != nil {
				refused, last = refused+1, err
			}
		}
		return refused, last
	}
	if n, err := flood(func(int) string { return browser("one") }); n < 40 || domain.KindOf(err) != domain.TooMany || refusal(err).Args["seconds"] == 0 {
		t.Errorf("one visitor: %d refused, %v", n, err)
	}
	c.Clock.Move(time.Hour)
	if n, err := flood(func(i int) string { return browser(strings.Repeat("n", i)) }); n < 40 || domain.KindOf(err) != domain.TooMany {
		t.Errorf("many new visitors from one address: %d refused, %v", n, err)
	}
	if err := c.WebChat.Say(t.Context(), "web", browser("elsewhere"), webchat.Message{ID: "message-1", Text: "x", Nameless: "Visitor", Address: "192.0.2.1"}); err != nil {
		t.Errorf("somebody else: got %v, want nil", err)
	}
}

func TestVisitorFiles_StoredClaimedAndOnlyTheirs(t *testing.T) {
	c := newChat(t, nil)
	ctx, anna, bob := t.Context(), browser("anna"), browser("bob")
	f, err := c.WebChat.Upload(ctx, "web", anna, "198.51.100.7", "../bike.txt", "text/plain", strings.NewReader("the bike"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.WebChat.Upload(ctx, "web", anna, "198.51.100.7", "page.html", "text/html", strings.NewReader("<script>alert(1)</script>")); domain.KindOf(err) != domain.Invalid {
		t.Errorf("a page: got %v, want Invalid", err)
	}
	if _, err := c.WebChat.Upload(ctx, "web", anna, "198.51.100.7", "big.txt", "text/plain", strings.NewReader(strings.Repeat("x", 2<<20))); domain.KindOf(err) != domain.Invalid {
		t.Errorf("too large: got %v, want Invalid", err)
	}
	stolen := webchat.Message{ID: "message-9", Files: []domain.ID{f.ID}, Nameless: "Visitor"}
	if err := c.WebChat.Say(ctx, "web", bob, stolen); domain.KindOf(err) != domain.NotFound {
		t.Errorf("somebody else's upload: got %v, want not found", err)
	}
	if err := c.WebChat.Say(ctx, "web", anna, webchat.Message{ID: "message-1", Text: "Look", Files: []domain.ID{f.ID}, Nameless: "Visitor"}); err != nil {
		t.Fatal(err)
	}
	c.Settle()
	thread, err := c.WebChat.ReadThread(ctx, c.visitor(anna))
	if err != nil || len(thread.Items) != 1 || thread.Items[0].Text != "Look" || len(thread.Items[0].Files) != 1 {
		t.Fatalf("got %+v, %v; want one message with its file", thread, err)
	}
	if got := readAll(t, func() (io.ReadSeekCloser, error) {
		_, r, err := c.WebChat.OpenFile(ctx, c.visitor(anna), thread.Items[0].ID, 0)
		return r, err
	}); got != "the bike" {
		t.Errorf("the visitor reads %q", got)
	}
	if got := readAll(t, func() (io.ReadSeekCloser, error) { _, r, err := c.Files.Open(ctx, c.Jana, f.ID); return r, err }); got != "the bike" {
		t.Errorf("the operator reads %q", got)
	}
}

func readAll(t *testing.T, open func() (io.ReadSeekCloser, error)) string {
	t.Helper()
	r, err := open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestVisitor_ReachedAndReadMoveTheMessageOn(t *testing.T) {
	c := newChat(t, nil)
	anna := browser("anna")
	c.say(anna, "Hello")
	m := c.answer(anna, "Good day")
	state := func() domain.MessageState {
		for _, x := range c.Thread(m.ConversationID) {
			if x.ID == m.ID {
				return x.State
			}
		}
		return ""
	}
	if got := state(); got != domain.StateSent {
		t.Errorf("before the visitor's page has it: got %s, want sent", got)
	}
	c.thread(anna)
	if got := state(); got != domain.StateDelivered {
		t.Errorf("once it is there: got %s, want delivered", got)
	}
	if err := c.WebChat.MarkRead(t.Context(), c.visitor(anna)); err != nil {
		t.Fatal(err)
	}
	if got := state(); got != domain.StateRead {
		t.Errorf("once it was seen: got %s, want read", got)
	}
}

func TestVisitorTyping_IsSeenByOperatorsWhileItLasts(t *testing.T) {
	c := newChat(t, nil)
	anna := browser("anna")
	c.say(anna, "Hello")
	id := c.conversation(anna).ID
	if err := c.WebChat.NoteTyping(t.Context(), c.visitor(anna), true); err != nil {
		t.Fatal(err)
	}
	if got := c.Hub.Viewers(id, c.Clock.Now()); len(got) != 1 || !got[0].Typing || !got[0].Customer {
		t.Errorf("got %+v, want the customer typing", got)
	}
	c.Clock.Move(10 * time.Second)
	if got := c.Hub.Viewers(id, c.Clock.Now()); len(got) != 0 {
		t.Errorf("got %+v after ten seconds, want nobody", got)
	}
}

func TestWebChat_OtherChannelsAreNone(t *testing.T) {
	c := newChat(t, nil)
	for _, key := range []string{"shop", "nothing", ""} {
		if _, err := c.WebChat.Find(t.Context(), key); domain.KindOf(err) != domain.NotFound {
			t.Errorf("%q: got %v, want not found", key, err)
		}
	}
	if err := c.Inbound.Accept(t.Context(), "web", carrier.Webhook{Body: []byte(`{"visitor":"x"}`)}); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("a delivery to the webhook address: got %v, want Forbidden", err)
	}
	if err := c.Channels.SetEnabled(t.Context(), c.Eva, c.channel.ID, false); err != nil {
		t.Fatal(err)
	}
	if _, err := c.WebChat.Find(t.Context(), "web"); domain.KindOf(err) != domain.NotFound {
		t.Errorf("switched off: got %v, want not found", err)
	}
}

func TestSetWebChat_OnlyAdministratorsAndOnlyWebChats(t *testing.T) {
	c := newChat(t, nil)
	w := domain.WebChatSettings{Colour: "#112233", Details: domain.AskName}
	set := func(who *domain.Operator, id domain.ID) error {
		return c.Channels.SetWebChat(context.Background(), who, id, w)
	}
	if err := set(c.Jana, c.channel.ID); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("an agent: got %v, want Forbidden", err)
	}
	if err := set(c.Eva, c.Channel.ID); domain.KindOf(err) != domain.NotFound {
		t.Errorf("another kind: got %v, want not found", err)
	}
	if err := set(c.Eva, c.channel.ID); err != nil {
		t.Fatal(err)
	}
	if got, err := c.WebChat.Find(t.Context(), "web"); err != nil || got.Colour != "#112233" || got.Details != domain.AskName || len(got.Origins) != 1 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestVisitorToken_IsKeptAsAHashOnly(t *testing.T) {
	c := newChat(t, nil)
	anna := browser("anna")
	c.say(anna, "Hello")
	raw, err := base64.RawURLEncoding.DecodeString(anna)
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{anna[:40], anna + "A", "", strings.Repeat("!", 43), string(raw)} {
		if err := c.WebChat.Say(t.Context(), "web", bad, webchat.Message{ID: "message-1", Text: "x"}); domain.KindOf(err) != domain.Invalid {
			t.Errorf("token %q: got %v, want Invalid", bad, err)
		}
	}
	var b strings.Builder
	if err := c.Store.Engine().Backup(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), anna) || strings.Contains(b.String(), string(raw)) {
		t.Error("the token lies in the store")
	}
}
