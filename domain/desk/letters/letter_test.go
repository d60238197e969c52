package letters_test

import (
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/desk/letters"
	"pult/internal/desktest"
)

// receiveLetter lets a letter with HTML and a picture of its own come in and gives its message.
func receiveLetter(t *testing.T, d *desktest.Desk, mail domain.Channel, html string) domain.Message {
	t.Helper()
	in := d.MailFrom(mail, "Jana", desktest.JanaMail, "Order", "text")
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
	m := receiveLetter(
		t,
		d,
		d.Mailbox(),
		`<p>Hello<img src="cid:logo@X"><img src="cid:trap@x"><img src="https://track.example/p.png"></p><script>alert(1)</script>`,
	)
	got, err := d.Letters.Read(t.Context(), d.Jana, m.ID, letters.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(got.HTML, "data:image/png;base64,iVBOR") || strings.Contains(got.HTML, "svg") ||
		strings.Contains(got.HTML, "track.example") ||
		strings.Contains(got.HTML, "alert") {
		t.Errorf("got %s", got.HTML)
	}
	if got.Blocked != 1 {
		t.Errorf("got %d pictures left out, want 1", got.Blocked)
	}
	if got, err = d.Letters.Read(t.Context(), d.Jana, m.ID, letters.Options{Pictures: true}); err != nil ||
		!strings.Contains(got.HTML, "https://track.example/p.png") {
		t.Errorf("asked for pictures: got %s, %v", got.HTML, err)
	}
}

func TestLetter_OnlyForThoseWhoMayReadItsConversation(t *testing.T) {
	d := desktest.New(t)
	m := receiveLetter(t, d, d.Mailbox(d.Petr.ID), "<p>secret</p>")
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
	plain := d.Thread(d.Receive(mail, d.MailFrom(mail, "Jana", desktest.JanaMail, "Order", "text")).ID)[0]
	chat := d.Thread(d.Say(d.Channel, desktest.Customer("Jana", "+420601111222"), "hi").ID)[0]
	for _, id := range []domain.ID{plain.ID, chat.ID, d.NewID()} {
		if _, err := d.Letters.Read(t.Context(), d.Jana, id, letters.Options{}); domain.KindOf(err) != domain.NotFound {
			t.Errorf("got %v, want not found", err)
		}
	}
}
