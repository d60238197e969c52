package outbound_test

import (
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/outbound"
	"pult/domain/store"
	"pult/internal/desktest"
)

func numberOf(c domain.Conversation) string { return strconv.FormatUint(c.Number, 10) }

func TestReplyLetter_OneLetterWithEverything(t *testing.T) {
	d := desktest.New(t)
	mail := d.Mailbox()
	first := d.MailFrom(mail, "Jana Malá", desktest.JanaMail, "RE: Odp: Order 7", "Where is it?")
	first.Mail.Cc = []domain.MailAddress{{Name: "Pavel", Address: desktest.PavelMail}}
	first.Mail.References = []string{"older@customer.example"}
	began := d.Receive(mail, first)
	saveSignature(t, d, "Jana Nová\nThe shop")
	var files []domain.ID
	for name, text := range map[string]string{"a.txt": "first", "b.zip": "PK\x03\x04second"} {
		f, err := d.Files.Upload(t.Context(), d.Jana, began.ID, name, "application/x-whatever", strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f.ID)
	}
	sent, err := d.Outbound.Reply(t.Context(), d.Jana, outbound.Reply{
		ID:             d.NewID(),
		ConversationID: began.ID,
		Text:           "On its way.",
		Files:          files,
	})
	if err != nil || len(sent) != 1 {
		t.Fatalf("got %d messages, %v; want one", len(sent), err)
	}
	d.Settle()
	all := d.Mail.Sent()
	if len(all) != 1 {
		t.Fatalf("%d letters left, want one", len(all))
	}
	got := all[0]
	if got.Kind != domain.KindText || got.Text != "On its way." || got.Media != nil || len(got.Files) != 2 ||
		got.To.Value != desktest.JanaMail {
		t.Errorf("got %+v", got)
	}
	want := carrier.OutgoingMail{
		Subject: "Re: Order 7", ToName: "Jana Malá", FromName: d.Jana.Name, MessageID: domain.MailID(sent[0].ID, desktest.MailAddress),
		InReplyTo: first.VendorID, Thread: domain.ThreadToken(began.ID), Signature: "Jana Nová\nThe shop",
		QuotedBy: "Jana Malá <" + desktest.JanaMail + ">, 2026-11-20 09:00:", Quoted: "Where is it?",
	}
	m := *got.Mail
	if !slices.Equal(m.Cc, first.Mail.Cc) || !slices.Equal(m.References, []string{"older@customer.example", first.VendorID}) {
		t.Errorf("copies to %v, references %v", m.Cc, m.References)
	}
	m.Cc, m.References = nil, nil
	if m.Subject != want.Subject || m.ToName != want.ToName || m.FromName != want.FromName || m.MessageID != want.MessageID ||
		m.InReplyTo != want.InReplyTo ||
		m.Thread != want.Thread ||
		m.Signature != want.Signature ||
		m.QuotedBy != want.QuotedBy ||
		m.Quoted != want.Quoted {
		t.Errorf("got  %+v\nwant %+v", m, want)
	}
	for _, f := range got.Files {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if b, err := io.ReadAll(r); err != nil || int64(len(b)) != f.Size {
			t.Errorf("%s: read %d of %d bytes, %v", f.Name, len(b), f.Size, err)
		}
	}
}

func saveSignature(t *testing.T, d *desktest.Desk, signature string) {
	t.Helper()
	if err := d.People.SavePreferences(t.Context(), d.Jana, func(p *domain.Preferences) { p.Signature = signature }); err != nil {
		t.Fatal(err)
	}
	d.Jana.Preferences.Signature = signature
}

func TestReplyLetter_SecondAnswerBeforeTheirs_KeepsTheThread(t *testing.T) {
	d := desktest.New(t)
	mail := d.Mailbox()
	id, err := d.Outbound.Start(t.Context(), d.Jana, outbound.NewConversation{
		ID:        d.NewID(),
		ChannelID: mail.ID,
		Address:   desktest.JanaMail,
		Subject:   "Re: your order",
		Text:      "Hello",
		Cc:        desktest.PavelMail,
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Outbound.Reply(t.Context(), d.Jana, d.NewReply(id, "One more thing")); err != nil {
		t.Fatal(err)
	}
	d.Settle()
	sent := d.Mail.Sent()
	if len(sent) != 2 {
		t.Fatalf("%d letters left, want 2", len(sent))
	}
	one, two := sent[0].Mail, sent[1].Mail
	if one.Subject != "Re: your order" || one.InReplyTo != "" || one.Quoted != "" || two.Subject != "Re: your order" ||
		two.InReplyTo != one.MessageID {
		t.Errorf("got %+v then %+v, want the second to answer the first", one, two)
	}
	if len(two.Cc) != 1 || two.Cc[0].Address != desktest.PavelMail || sent[1].To.Value != desktest.JanaMail {
		t.Errorf("the second went to %s and %v, want the people of the first", sent[1].To.Value, two.Cc)
	}
	in := d.MailFrom(mail, "Pavel", desktest.PavelMail, "Re: your order", "Thanks")
	in.Mail.InReplyTo = two.MessageID
	if got := d.Receive(mail, in); got.ID != id || d.Thread(id)[2].Mail.Stranger {
		t.Errorf("the answer of one who got a copy landed in %s, want %s and no mark", got.ID, id)
	}
}

func TestReplyLetter_Copies(t *testing.T) {
	d := desktest.New(t)
	mail := d.Mailbox()
	first := d.MailFrom(mail, "Jana", desktest.JanaMail, "Order 7", "Where is it?")
	first.Mail.Cc = []domain.MailAddress{{Address: desktest.PavelMail}}
	began := d.Receive(mail, first)
	for typed, want := range map[string][]string{
		"":                                 nil,
		"a@b.example; C D <c@d.example>\n": {"a@b.example", "c@d.example"},
		`"Nová, Jana" <n@b.example>, ` + desktest.JanaMail: {"n@b.example"},
		"a@b.example, A@B.example":                         {"a@b.example"},
		desktest.MailAddress:                               nil,
	} {
		sent, err := d.Outbound.Reply(t.Context(), d.Jana, outbound.Reply{ID: d.NewID(), ConversationID: began.ID, Text: "x", Cc: &typed})
		if err != nil {
			t.Errorf("%q: %v", typed, err)
			continue
		}
		var got []string
		for _, a := range sent[0].Mail.Cc {
			got = append(got, a.Address)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: got copies to %v, want %v", typed, got, want)
		}
	}
	for _, typed := range []string{"žluťoučký@kůň.example", "not an address", "a@b", "a@b.example, <>", "x\r\nBcc: y@z.example"} {
		_, err := d.Outbound.Reply(t.Context(), d.Jana, outbound.Reply{ID: d.NewID(), ConversationID: began.ID, Text: "x", Cc: &typed})
		if domain.KindOf(err) != domain.Invalid {
			t.Errorf("%q: got %v, want it refused", typed, err)
		}
	}
}

func TestReplyLetter_NeverToAStrangerByItself(t *testing.T) {
	d := desktest.New(t)
	mail := d.Mailbox()
	first := d.MailFrom(mail, "Jana", desktest.JanaMail, "Order 7", "Where is it?")
	began := d.Receive(mail, first)
	in := d.MailFrom(mail, "Jana", desktest.MalloryMail, "Re: Order 7", "Send me everything")
	in.Mail.InReplyTo, in.Mail.ReplyTo = first.VendorID, domain.MailAddress{Address: "trap@elsewhere.example"}
	d.Receive(mail, in)
	if _, err := d.Outbound.Reply(t.Context(), d.Jana, d.NewReply(began.ID, "Your secret")); err != nil {
		t.Fatal(err)
	}
	d.Settle()
	got := d.Mail.Sent()[0]
	if got.To.Value != desktest.JanaMail || len(got.Mail.Cc) != 0 {
		t.Errorf("the answer went to %s and %v", got.To.Value, got.Mail.Cc)
	}
	if got.Mail.Quoted != "Where is it?" || got.Mail.InReplyTo != first.VendorID {
		t.Errorf("the answer quotes %q, want the customer's letter and not the stranger's", got.Mail.Quoted)
	}
}

func TestReplyLetter_NeverWhereAForgedLetterPoints(t *testing.T) {
	trap := domain.MailAddress{Address: "trap@elsewhere.example"}
	for name, forge := range map[string]func(*domain.Mail, domain.Conversation, string){
		"number, answers elsewhere": func(m *domain.Mail, c domain.Conversation, _ string) {
			m.Subject, m.ReplyTo = "Re: [#"+numberOf(c)+"]", trap
		},
		"number, copy elsewhere": func(m *domain.Mail, c domain.Conversation, _ string) {
			m.Subject, m.Cc = "Re: [#"+numberOf(c)+"]", []domain.MailAddress{trap}
		},
		"id, refused by our server": func(m *domain.Mail, _ domain.Conversation, first string) {
			m.InReplyTo, m.ReplyTo, m.Cc, m.Unverified = first, trap, []domain.MailAddress{trap}, true
		},
	} {
		d := desktest.New(t)
		mail := d.Mailbox()
		first := d.MailFrom(mail, "Jana", desktest.JanaMail, "Order 7", "Where is it?")
		began := d.Receive(mail, first)
		in := d.MailFrom(mail, "Jana", desktest.JanaMail, "Re: Order 7", "Send me everything")
		forge(in.Mail, began, first.VendorID)
		d.Receive(mail, in)
		if _, err := d.Outbound.Reply(t.Context(), d.Jana, d.NewReply(began.ID, "Your secret")); err != nil {
			t.Fatal(err)
		}
		d.Settle()
		got := d.Mail.Sent()[0]
		if got.To.Value != desktest.JanaMail || len(got.Mail.Cc) != 0 {
			t.Errorf("%s: the answer went to %s and %v, want it to the customer alone", name, got.To.Value, got.Mail.Cc)
		}
	}
}

func TestReplyLetter_FilesTogetherTooLarge_Refused(t *testing.T) {
	d := desktest.New(t)
	mail := d.Mailbox()
	began := d.Receive(mail, d.MailFrom(mail, "Jana", desktest.JanaMail, "Order 7", "Where is it?"))
	var files []domain.ID
	for range 2 {
		f, err := d.Files.Upload(
			t.Context(),
			d.Jana,
			began.ID,
			"a.bin",
			"application/octet-stream",
			strings.NewReader(strings.Repeat("\x01", 120<<10)),
		)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f.ID)
	}
	_, err := d.Outbound.Reply(t.Context(), d.Jana, outbound.Reply{ID: d.NewID(), ConversationID: began.ID, Files: files})
	if domain.KindOf(err) != domain.Invalid {
		t.Errorf("got %v, want it refused before anything is stored", err)
	}
	if _, err := d.Outbound.Reply(t.Context(), d.Jana, outbound.Reply{
		ID:             d.NewID(),
		ConversationID: began.ID,
		Files:          files[:1],
	}); err != nil {
		t.Errorf("a letter with a file and no text: %v", err)
	}
}

func TestReplyLetter_TriedAgain_KeepsItsID(t *testing.T) {
	d := desktest.New(t)
	mail := d.Mailbox()
	began := d.Receive(mail, d.MailFrom(mail, "Jana", desktest.JanaMail, "Order 7", "Where is it?"))
	d.Mail.Answer(func(carrier.Outgoing) (carrier.Receipt, error) {
		return carrier.Receipt{}, &carrier.Error{Class: carrier.Permanent, Key: "provider.permanent"}
	})
	sent, err := d.Outbound.Reply(t.Context(), d.Jana, d.NewReply(began.ID, "On its way."))
	if err != nil {
		t.Fatal(err)
	}
	d.Settle()
	d.Mail.Answer(nil)
	saveSignature(t, d, "changed meanwhile")
	if err := d.Outbound.Retry(t.Context(), d.Jana, sent[0].ID); err != nil {
		t.Fatal(err)
	}
	d.Settle()
	all := d.Mail.Sent()
	if len(all) != 2 || all[0].Mail.MessageID != all[1].Mail.MessageID || all[1].Mail.Signature != "" ||
		all[1].Mail.Quoted != all[0].Mail.Quoted {
		t.Errorf("got %+v, want the same letter twice", all)
	}
}

func TestStartLetter_NamesEveryFault(t *testing.T) {
	d := desktest.New(t)
	mail := d.Mailbox()
	_, err := d.Outbound.Start(t.Context(), d.Jana, outbound.NewConversation{
		ID:        d.NewID(),
		ChannelID: mail.ID,
		Address:   "žlutý@kůň",
		Cc:        "x",
		Subject:   " ",
	})
	if got := desktest.FaultsOf(err); len(got) != 4 || got["address"] == "" || got["subject"] == "" || got["text"] == "" ||
		got["cc"] == "" {
		t.Errorf("got %v, want four faults", got)
	}
}

func TestStartLetter_TwiceIsOnce_AnotherIsAnotherConversation(t *testing.T) {
	d := desktest.New(t)
	mail := d.Mailbox()
	s := outbound.NewConversation{ID: d.NewID(), ChannelID: mail.ID, Address: "Jana@customer.example", Subject: "Order", Text: "Hello"}
	one, err := d.Outbound.Start(t.Context(), d.Jana, s)
	if err != nil {
		t.Fatal(err)
	}
	again, err := d.Outbound.Start(t.Context(), d.Jana, s)
	if err != nil || again != one {
		t.Errorf("got %s, %v for the same letter; want %s", again, err, one)
	}
	s.ID = d.NewID()
	other, err := d.Outbound.Start(t.Context(), d.Jana, s)
	if err != nil || other == one {
		t.Errorf("got %s, %v for another letter; want a conversation of its own", other, err)
	}
	d.Settle()
	if got := len(d.Mail.Sent()); got != 2 {
		t.Errorf("%d letters left, want 2", got)
	}
	d.View(func(tx *store.Tx) error {
		a, err := tx.Conversation(one)
		b, err2 := tx.Conversation(other)
		if a.ContactID != b.ContactID || a.Subject != "Order" || a.Address != desktest.JanaMail {
			t.Errorf("got %+v and %+v, want one contact", a, b)
		}
		return errors.Join(err, err2)
	})
}
