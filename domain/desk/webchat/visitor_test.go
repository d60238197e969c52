package webchat_test

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/webchat"
	"pult/domain/store"
	"pult/internal/desktest"
)

func TestVisitor_GreetedHeardAndAnswered(t *testing.T) {
	c := newChat(t, nil)
	anna := tokenOf("anna")
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
	anna := tokenOf("anna")
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
	anna := tokenOf("anna")
	for _, id := range []string{"message-one", "message-two"} {
		if err := c.WebChat.Say(t.Context(), "web", anna, webchat.Message{
			ID:       id,
			Text:     id,
			Greeting: "Hello?",
			FollowUp: "Wait",
			Nameless: "Visitor",
		}); err != nil {
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
	if err := c.WebChat.Say(t.Context(), "web", tokenOf("anna"), webchat.Message{
		ID:       "message-1",
		Text:     "Hello",
		Nameless: "Visitor",
	}); err != nil {
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

func TestVisitorSay_DetailsAreMandatoryWhenAsked(t *testing.T) {
	c := newChat(t, map[string]string{"details": "both"})
	try := func(name, email string) map[string]string {
		err := c.WebChat.Say(t.Context(), "web", tokenOf("anna"), webchat.Message{
			ID:       "message-1",
			Text:     "Hello",
			Name:     name,
			Email:    email,
			Nameless: "Visitor",
		})
		return desktest.FaultsOf(err)
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
	if _, err := c.WebChat.FindVisitor(t.Context(), "web", tokenOf("anna")); domain.KindOf(err) != domain.NotFound {
		t.Errorf("a refused message left a visitor behind: %v", err)
	}
	if got := try("Anna", "jose@example.org"); got != nil {
		t.Errorf("all told: got %v, want it taken", got)
	}
	c.Settle()
	if err := c.WebChat.Say(t.Context(), "web", tokenOf("anna"), webchat.Message{ID: "message-2", Text: "More"}); err != nil {
		t.Errorf("told once: got %v, want it taken", err)
	}
}

func TestVisitorSay_HintForAccents(t *testing.T) {
	c := newChat(t, map[string]string{"details": "email"})
	err := c.WebChat.Say(t.Context(), "web", tokenOf("a"), webchat.Message{
		ID:    "message-1",
		Text:  "Hello",
		Email: "Žofie.Nováková@Example.org",
	})
	if e := desktest.Refusal(err); e == nil || e.Args["hint"] != "zofie.novakova@example.org" {
		t.Errorf("got %+v, want a hint without accents", e)
	}
}

func TestVisitor_UnverifiedMailMergesNobody(t *testing.T) {
	c := newChat(t, map[string]string{"details": "email"})
	known := c.mailContact("Žofie", "zofie@example.org")
	for _, token := range []string{tokenOf("one"), tokenOf("two")} {
		if err := c.WebChat.Say(t.Context(), "web", token, webchat.Message{
			ID:       "message-1",
			Text:     "It is me",
			Email:    "zofie@example.org",
			Nameless: "Visitor",
		}); err != nil {
			t.Fatal(err)
		}
	}
	c.Settle()
	one, two := c.conversation(tokenOf("one")), c.conversation(tokenOf("two"))
	if one.ContactID == known || two.ContactID == known || one.ContactID == two.ContactID {
		t.Errorf("contacts were merged by a mail address that nobody vouched for")
	}
	if got := c.contact(one.ContactID).Details["visitor.email"]; got != "zofie@example.org" {
		t.Errorf("got detail %q, want the address", got)
	}
}

func TestWebChat_OtherChannelsAreNone(t *testing.T) {
	c := newChat(t, nil)
	for _, key := range []string{"shop", "nothing", ""} {
		if _, err := c.WebChat.Find(t.Context(), key); domain.KindOf(err) != domain.NotFound {
			t.Errorf("%q: got %v, want not found", key, err)
		}
	}
	if err := c.Inbound.Accept(t.Context(), "web", carrier.Webhook{Body: []byte(`{"visitor":"x"}`)}); domain.KindOf(
		err,
	) != domain.Forbidden {
		t.Errorf("a delivery to the webhook address: got %v, want Forbidden", err)
	}
	if err := c.Channels.SetEnabled(t.Context(), c.Eva, c.channel.ID, false); err != nil {
		t.Fatal(err)
	}
	if _, err := c.WebChat.Find(t.Context(), "web"); domain.KindOf(err) != domain.NotFound {
		t.Errorf("switched off: got %v, want not found", err)
	}
}

func TestVisitorToken_IsKeptAsAHashOnly(t *testing.T) {
	c := newChat(t, nil)
	anna := tokenOf("anna")
	c.say(anna, "Hello")
	raw, err := base64.RawURLEncoding.DecodeString(anna)
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{anna[:40], anna + "A", "", strings.Repeat("!", 43), string(raw)} {
		if err := c.WebChat.Say(t.Context(), "web", bad, webchat.Message{
			ID:   "message-1",
			Text: "x",
		}); domain.KindOf(err) != domain.Invalid {
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
