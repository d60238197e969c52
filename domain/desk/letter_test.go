package desk_test

import (
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/letters"
	"pult/domain/store"
	"pult/internal/desktest"
)

// written lets a letter with HTML and a picture of its own come in and gives its message.
func written(t *testing.T, d *desktest.Desk, mail domain.Channel, html string) domain.Message {
	t.Helper()
	in := d.MailFrom(mail, "Jana", jana, "Order", "text")
	in.HTML, in.Source = html, true
	in.Attachments = []domain.Attachment{
		{State: domain.FileFetching, Name: "logo.png", MIME: "image/png", VendorID: "part-logo", ContentID: "Logo@x"},
		{State: domain.FileFetching, Name: "trap.svg", MIME: "image/svg+xml", VendorID: "part-trap", ContentID: "trap@x"},
	}
	d.Mail.Keep("part-logo", "\x89PNG\r\n\x1a\n0000")
	d.Mail.Keep("part-trap", "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
	return d.Thread(d.Receive(mail, in).ID)[0]
}

func TestLetter_PicturesOfItsOwnAreInIt_OthersOnlyWhenAskedFor(t *testing.T) {
	d := desktest.New(t)
	m := written(t, d, d.Mailbox(), `<p>Hello<img src="cid:logo@X"><img src="cid:trap@x"><img src="https://track.example/p.png"></p><script>alert(1)</script>`)
	got, err := d.Letters.Read(t.Context(), d.Jana, m.ID, letters.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(got.HTML, "data:image/png;base64,iVBOR") || strings.Contains(got.HTML, "svg") || strings.Contains(got.HTML, "track.example") || strings.Contains(got.HTML, "alert") {
		t.Errorf("got %s", got.HTML)
	}
	if got.Blocked != 1 {
		t.Errorf("got %d pictures left out, want 1", got.Blocked)
	}
	if got, err = d.Letters.Read(t.Context(), d.Jana, m.ID, letters.Options{Pictures: true}); err != nil || !strings.Contains(got.HTML, "https://track.example/p.png") {
		t.Errorf("asked for pictures: got %s, %v", got.HTML, err)
	}
}

func TestLetter_OnlyForThoseWhoMayReadItsConversation(t *testing.T) {
	d := desktest.New(t)
	m := written(t, d, d.Mailbox(d.Petr.ID), "<p>secret</p>")
	if _, err := d.Letters.Read(t.Context(), d.Petr, m.ID, letters.Options{}); err != nil {
		t.Errorf("one who may read it: %v", err)
	}
	if _, err := d.Letters.Read(t.Context(), d.Jana, m.ID, letters.Options{}); domain.KindOf(err) != domain.NotFound {
		t.Errorf("one of another team: got %v, want not found", err)
	}
	for _, id := range []domain.ID{m.Mail.Source, m.Mail.HTML} {
		if _, _, err := d.Files.Open(t.Context(), d.Jana, id); domain.KindOf(err) != domain.NotFound {
			t.Errorf("a file of it, for one of another team: got %v, want not found", err)
		}
	}
}

func TestLetter_PlainTextHasNone(t *testing.T) {
	d := desktest.New(t)
	mail := d.Mailbox()
	plain := d.Thread(d.Receive(mail, d.MailFrom(mail, "Jana", jana, "Order", "text")).ID)[0]
	chat := d.Thread(d.Say(d.Channel, desktest.Customer("Jana", "+420601111222"), "hi").ID)[0]
	for _, id := range []domain.ID{plain.ID, chat.ID, d.NewID()} {
		if _, err := d.Letters.Read(t.Context(), d.Jana, id, letters.Options{}); domain.KindOf(err) != domain.NotFound {
			t.Errorf("got %v, want not found", err)
		}
	}
}

func TestLetter_FileThatIsNotInIt_IsTriedAgainByAPerson(t *testing.T) {
	d := desktest.New(t)
	mail := d.Mailbox()
	in := d.MailFrom(mail, "Jana", jana, "Order", "text")
	in.Source = true
	in.Attachments = []domain.Attachment{{State: domain.FileFetching, Name: "a.pdf", MIME: "application/pdf", VendorID: "part-2"}}
	m := d.Thread(d.Receive(mail, in).ID)[0]
	if m.Attachments[0].State != domain.FileFailed {
		t.Fatalf("got %s, want failed", m.Attachments[0].State)
	}
	d.Mail.Keep("part-2", "%PDF-1.4")
	if err := d.Files.FetchAgain(t.Context(), d.Jana, m.ID, 0); err != nil {
		t.Fatal(err)
	}
	d.Settle()
	view(t, d, func(tx *store.Tx) error {
		again, err := tx.Message(m.ID)
		if again.Attachments[0].State != domain.FileStored {
			t.Errorf("got %s, want stored", again.Attachments[0].State)
		}
		return err
	})
}

func TestIntake_ManyLargeLetters_OneAfterTheOther(t *testing.T) {
	d := desktest.New(t)
	mail := d.Mailbox()
	d.Stop() // the journal fills while nothing is taken in
	var ids []string
	for range 4 {
		in := d.MailFrom(mail, "Jana", jana, "Order", "text")
		in.Source, in.HTML = true, strings.Repeat("x", 5<<20)
		if err := d.Inbound.Accept(t.Context(), mail.Key, desktest.Webhook(carrier.Batch{Messages: []carrier.InboundMessage{in}})); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, in.VendorID)
	}
	view(t, d, func(tx *store.Tx) error {
		entries, more, err := tx.Journal(64, 8<<20)
		if len(entries) != 1 || !more {
			t.Errorf("%d entries are read at once, more %v; want one of five megabytes and three behind it", len(entries), more)
		}
		return err
	})
	d.Restart()
	d.Settle()
	for _, id := range ids {
		if got := d.Holding(mail, id); got.Subject != "Order" {
			t.Errorf("%s: got %+v", id, got)
		}
	}
}
