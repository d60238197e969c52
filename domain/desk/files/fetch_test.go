package files_test

import (
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
	"pult/internal/desktest"
)

func TestLetter_FileThatIsNotInIt_IsTriedAgainByAPerson(t *testing.T) {
	d := desktest.New(t)
	mail := d.Mailbox()
	in := d.MailFrom(mail, "Jana", desktest.JanaMail, "Order", "text")
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
	d.View(func(tx *store.Tx) error {
		again, err := tx.Message(m.ID)
		if again.Attachments[0].State != domain.FileStored {
			t.Errorf("got %s, want stored", again.Attachments[0].State)
		}
		return err
	})
}

func TestFetch_FileIsStoredOrFailsWithAWayToTryAgain(t *testing.T) {
	d := desktest.New(t)
	m := d.Text(d.Channel, desktest.Anna, "")
	m.Kind, m.Attachments = domain.KindImage, []domain.Attachment{{State: domain.FileFetching, VendorID: "photo", MIME: "image/png"}}
	d.Post(d.Channel, carrier.Batch{Messages: []carrier.InboundMessage{m}})
	got := d.Thread(d.With(d.Channel, desktest.Anna).ID)[0]
	if a := got.Attachments[0]; a.State != domain.FileFailed || a.Failure == nil || a.Failure.Key != "provider.media_expired" {
		t.Fatalf("got %+v, want failed with the vendor's reason", a)
	}
	d.Vendor.Keep("photo", "\x89PNG\r\n\x1a\n"+strings.Repeat("p", 300<<10))
	if err := d.Files.FetchAgain(t.Context(), d.Jana, got.ID, 0); err != nil {
		t.Fatal(err)
	}
	d.Settle()
	a := d.Thread(got.ConversationID)[0].Attachments[0]
	if a.State != domain.FileStored || a.MIME != "image/png" || a.Name != "image.png" {
		t.Fatalf("got %+v, want stored as image.png", a)
	}
	f, r, err := d.Files.Open(t.Context(), d.Jana, a.FileID)
	if err != nil {
		t.Fatal(err)
	}
	if end, err := r.Seek(-1, 2); err != nil || end != f.Size-1 {
		t.Errorf("got %d, %v; want the last byte of %d", end, err, f.Size)
	}
}
