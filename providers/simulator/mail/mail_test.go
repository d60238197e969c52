package mail_test

import (
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2/imapclient"

	"pult/providers/simulator/mail"
	"pult/providers/simulator/world"
)

const (
	shopMail = "desk@pult.example"
	janaMail = "jana@posta.example"
)

// mailServer is a provider with one mailbox.
func mailServer(t *testing.T) *mail.Server {
	t.Helper()
	m := mail.NewServer(mail.Options{
		Mailboxes: []mail.Mailbox{{Address: shopMail, Password: "secret"}},
		Clock:     world.NewManualClock(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)),
	})
	if err := m.Start("127.0.0.1:0", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Stop)
	return m
}

// inbox signs in and opens the shop's folder.
func inbox(t *testing.T, m *mail.Server) (*imapclient.Client, uint32, uint32) {
	t.Helper()
	c, err := imapclient.DialInsecure(m.IMAP(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.Login(shopMail, "secret").Wait(); err != nil {
		t.Fatal(err)
	}
	opened, err := c.Select("INBOX", nil).Wait()
	if err != nil {
		t.Fatal(err)
	}
	return c, opened.NumMessages, opened.UIDValidity
}

func TestMail_LettersReachTheShopByAnyOfItsAddresses(t *testing.T) {
	m := mailServer(t)
	for _, to := range []string{shopMail, "Desk+c1@pult.example"} {
		if _, err := m.Write(janaMail, mail.Draft{Name: "Jana", To: []string{to}, Subject: "Žádost", Text: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	if _, n, _ := inbox(t, m); n != 2 || m.CountUnseen(shopMail) != 2 {
		t.Errorf("got %d letters, %d unseen; want 2", n, m.CountUnseen(shopMail))
	}
	if got := m.Letters(janaMail); len(got) != 2 || !got[0].Mine || got[0].Subject != "Žádost" || strings.TrimSpace(got[0].Text) != "x" {
		t.Errorf("got %+v", got)
	}
}

func TestMail_AnswerQuotesAndKnowsItsThread(t *testing.T) {
	m := mailServer(t)
	first, err := m.Write(janaMail, mail.Draft{To: []string{shopMail}, Subject: "Žádost", Text: "one\ntwo"})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := m.Answer(janaMail, first.ID, mail.Draft{Text: "three"}, false)
	if err != nil {
		t.Fatal(err)
	}
	if answer.InReplyTo != first.ID || answer.Subject != "Re: Žádost" || !strings.Contains(answer.Text, "> two") ||
		!strings.Contains(answer.HTML, "gmail_quote") {
		t.Errorf("got %+v", answer)
	}
	if _, err := m.Answer(janaMail, "nothing", mail.Draft{}, false); err == nil {
		t.Error("an answer to nothing was sent")
	}
	away, err := m.AutoReply(janaMail, first.ID, "I am away.")
	if err != nil || !away.Automatic {
		t.Errorf("got %+v, %v", away, err)
	}
}

func TestMail_RenumberedFolderKeepsItsLetters(t *testing.T) {
	m := mailServer(t)
	if _, err := m.Write(janaMail, mail.Draft{To: []string{shopMail}, Text: "x"}); err != nil {
		t.Fatal(err)
	}
	c, _, before := inbox(t, m)
	m.Renumber(shopMail)
	<-c.Closed()
	if _, n, after := inbox(t, m); n != 1 || after == before {
		t.Errorf("got %d letters and validity %d, want 1 and not %d", n, after, before)
	}
}

func TestMail_StopTwice(t *testing.T) {
	m := mailServer(t)
	inbox(t, m)
	m.Stop()
	m.Stop()
}
