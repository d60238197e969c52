package inbound_test

import (
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
	"pult/internal/desktest"
)

func readContent(t *testing.T, d *desktest.Desk, who *domain.Operator, id domain.ID) string {
	t.Helper()
	_, r, err := d.Files.Open(t.Context(), who, id)
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

func TestReceiveLetter_WhichConversationItJoins(t *testing.T) {
	d := desktest.New(t)
	mail := d.Mailbox()
	first := d.MailFrom(mail, "Jana Malá", desktest.JanaMail, "Re: Order 7", "Where is it?")
	began := d.Receive(mail, first)
	if began.Subject != "Order 7" || began.To.Value != desktest.JanaMail || began.Address != desktest.JanaMail || !began.IsWaiting() {
		t.Fatalf("the first letter began %+v", began)
	}
	sent, err := d.Outbound.Reply(t.Context(), d.Jana, d.NewReply(began.ID, "On its way."))
	if err != nil {
		t.Fatal(err)
	}
	d.Settle()
	ours := sent[0].Mail.MessageID
	for name, c := range map[string]struct {
		change func(*carrier.InboundMessage)
		joins  bool
		other  bool
	}{
		"the same subject alone": {func(in *carrier.InboundMessage) { in.Mail.Subject = "Re: Order 7" }, false, false},
		"token in the address":   {func(in *carrier.InboundMessage) { in.Thread = domain.ThreadToken(began.ID) }, true, false},
		"token with capitals":    {func(in *carrier.InboundMessage) { in.Thread = strings.ToUpper(domain.ThreadToken(began.ID)) }, true, false},
		"token of nothing":       {func(in *carrier.InboundMessage) { in.Thread = "c482" }, false, false},
		"answer to ours":         {func(in *carrier.InboundMessage) { in.Mail.InReplyTo = ours }, true, false},
		"answer to theirs":       {func(in *carrier.InboundMessage) { in.Mail.InReplyTo = first.VendorID }, true, false},
		"references alone":       {func(in *carrier.InboundMessage) { in.Mail.References = []string{"x@y", ours, "z@y"} }, true, false},
		"brackets and capitals":  {func(in *carrier.InboundMessage) { in.Mail.InReplyTo = " <" + strings.ToUpper(ours) + "> " }, true, false},
		"our pattern at another host": {func(in *carrier.InboundMessage) {
			in.Mail.References = []string{domain.MailID(sent[0].ID, "a@moved.example")}
		}, true, false},
		"number in the subject": {func(in *carrier.InboundMessage) { in.Mail.Subject = "Fwd: question [#" + numberOf(began) + "]" }, true, false},
		"number in a doubtful subject": {func(in *carrier.InboundMessage) {
			in.Mail.Subject, in.Mail.Unverified = "x [#"+numberOf(began)+"]", true
		}, false, false},
		"number in a stranger's subject": {func(in *carrier.InboundMessage) { in.Mail.Subject = "x [#" + numberOf(began) + "]" }, false, true},
		"an id nobody knows":             {func(in *carrier.InboundMessage) { in.Mail.InReplyTo = "nobody@knows" }, false, false},
		"a stranger who answers":         {func(in *carrier.InboundMessage) { in.Mail.InReplyTo = ours }, true, true},
		"a stranger with the token":      {func(in *carrier.InboundMessage) { in.Thread = domain.ThreadToken(began.ID) }, true, true},
		"the token before the references": {func(in *carrier.InboundMessage) {
			in.Thread, in.Mail.InReplyTo = domain.ThreadToken(began.ID), "nobody@knows"
		}, true, false},
		"the nearest of several references": {func(in *carrier.InboundMessage) { in.Mail.References = []string{"nobody@knows", ours} }, true, false},
	} {
		address := desktest.JanaMail
		if c.other {
			address = desktest.MalloryMail
		}
		in := d.MailFrom(mail, "", address, "Hello", name)
		c.change(&in)
		got := d.Receive(mail, in)
		if joined := got.ID == began.ID; joined != c.joins {
			t.Errorf("%s: joined %v, want %v", name, joined, c.joins)
		}
		if got.ID != began.ID {
			continue
		}
		if got.To.Value != desktest.JanaMail {
			t.Errorf("%s: answers go to %s, want %s", name, got.To.Value, desktest.JanaMail)
		}
		thread := d.Thread(got.ID)
		i := slices.IndexFunc(thread, func(m domain.Message) bool { return m.VendorID == in.VendorID })
		if stranger := thread[i].Mail.Stranger; stranger != c.other {
			t.Errorf("%s: marked as a stranger %v, want %v", name, stranger, c.other)
		}
	}
}

func numberOf(c domain.Conversation) string { return strconv.FormatUint(c.Number, 10) }

func TestReceiveLetter_ThreadOfAnotherChannelIsNoneHere(t *testing.T) {
	d := desktest.New(t)
	mail := d.Mailbox()
	chat := d.Say(d.Private, desktest.Customer("Jana", "+420601111222"), "secret")
	in := d.MailFrom(mail, "", desktest.JanaMail, "Hello", "let me in")
	in.Thread = domain.ThreadToken(chat.ID)
	in.Mail.InReplyTo = domain.MailID(d.Thread(chat.ID)[0].ID, "x@y.example")
	if got := d.Receive(mail, in); got.ID == chat.ID || got.ChannelID != mail.ID {
		t.Errorf("the letter joined %+v, want a conversation of its own channel", got)
	}
}

func TestReceiveLetter_ClosedConversation_AnotherBeginsAndSaysWhatItFollows(t *testing.T) {
	d := desktest.New(t)
	mail := d.Mailbox()
	first := d.MailFrom(mail, "Jana", desktest.JanaMail, "Order 7", "Where is it?")
	began := d.Receive(mail, first)
	if err := d.Chats.SetStatus(t.Context(), d.Jana, began.ID, domain.StatusClosed); err != nil {
		t.Fatal(err)
	}
	in := d.MailFrom(mail, "Jana", desktest.JanaMail, "Re: Order 7", "Still missing!")
	in.Mail.InReplyTo = first.VendorID
	got := d.Receive(mail, in)
	if got.ID == began.ID || got.Subject != "Order 7" || got.ContactID != began.ContactID {
		t.Fatalf("got conversation %+v, want a new one of the same contact", got)
	}
	var note domain.Message
	d.View(func(tx *store.Tx) error {
		all, _, _, err := tx.Messages(got.ID, store.MessageRange{Limit: 10})
		note = all[len(all)-1]
		return err
	})
	if note.ActivityCode != "activity.follows" || note.ActivityArgs["number"] != numberOf(began) {
		t.Errorf("got the line %+v, want that it follows %s", note, numberOf(began))
	}
}

func TestReceiveLetter_ResolvedConversation_OpensAgain(t *testing.T) {
	d := desktest.New(t)
	mail := d.Mailbox()
	first := d.MailFrom(mail, "Jana", desktest.JanaMail, "Order 7", "Where is it?")
	began := d.Receive(mail, first)
	if err := d.Chats.SetStatus(t.Context(), d.Jana, began.ID, domain.StatusResolved); err != nil {
		t.Fatal(err)
	}
	in := d.MailFrom(mail, "Jana", desktest.JanaMail, "Re: Order 7", "Still missing!")
	in.Mail.InReplyTo = first.VendorID
	if got := d.Receive(mail, in); got.ID != began.ID || got.Status != domain.StatusOpen || !got.IsWaiting() {
		t.Errorf("got %+v, want the same one, open and waiting", got)
	}
}

func TestReceiveLetter_RepeatedID_DrawsNoAnswersAway(t *testing.T) {
	d := desktest.New(t)
	mail := d.Mailbox()
	began := d.Receive(mail, d.MailFrom(mail, "Jana", desktest.JanaMail, "Order 7", "Where is it?"))
	sent, err := d.Outbound.Reply(t.Context(), d.Jana, d.NewReply(began.ID, "On its way."))
	if err != nil {
		t.Fatal(err)
	}
	d.Settle()
	forged := d.MailFrom(mail, "Mallory", desktest.MalloryMail, "Hello", "I know your ids")
	forged.Mail.MessageID = sent[0].Mail.MessageID
	if got := d.Receive(mail, forged); got.ID == began.ID {
		t.Fatal("the forged letter joined the conversation")
	}
	in := d.MailFrom(mail, "Jana", desktest.JanaMail, "Re: Order 7", "Thank you")
	in.Mail.InReplyTo = sent[0].Mail.MessageID
	if got := d.Receive(mail, in); got.ID != began.ID {
		t.Errorf("the answer landed in %s, want it where the letter with the id was sent from", got.ID)
	}
}

func TestReceiveLetter_Automatic_NobodyWaits(t *testing.T) {
	d := desktest.New(t)
	mail := d.Mailbox()
	first := d.MailFrom(mail, "Jana", desktest.JanaMail, "Order 7", "Where is it?")
	first.Mail.Cc = []domain.MailAddress{{Address: desktest.PavelMail}}
	began := d.Receive(mail, first)
	if _, err := d.Outbound.Reply(t.Context(), d.Jana, d.NewReply(began.ID, "On its way.")); err != nil {
		t.Fatal(err)
	}
	if err := d.Chats.SetStatus(t.Context(), d.Jana, began.ID, domain.StatusResolved); err != nil {
		t.Fatal(err)
	}
	in := d.MailFrom(mail, "Jana", desktest.JanaMail, "Out of office", "Back on Monday")
	in.Automatic, in.Mail.Automatic, in.Mail.InReplyTo = true, "Auto-Submitted", first.VendorID
	in.Contact.Name, in.Mail.ReplyTo = "Automatic answer", domain.MailAddress{Address: "noreply@customer.example"}
	got := d.Receive(mail, in)
	if got.Name != "Jana" || got.To.Value != desktest.JanaMail || len(got.Cc) != 1 {
		t.Errorf("got %s at %s with copies to %v, want a machine to change nothing", got.Name, got.To.Value, got.Cc)
	}
	if got.ID != began.ID || got.IsWaiting() || got.Status != domain.StatusResolved || got.Unread != 1 {
		t.Errorf("got waiting %v, status %s, unread %d; want it stored and nobody waiting", got.IsWaiting(), got.Status, got.Unread)
	}
	loop := d.MailFrom(mail, "Desk", "DESK@shop.example", "Hello", "to myself")
	if got := d.Receive(mail, loop); got.IsWaiting() {
		t.Error("the desk waits for an answer to its own letter")
	}
}

func TestReceiveLetter_PartiesAndCopies(t *testing.T) {
	d := desktest.New(t)
	mail := d.Mailbox()
	first := d.MailFrom(mail, "Jana", desktest.JanaMail, "Order 7", "Where is it?")
	first.Mail.Cc = []domain.MailAddress{{Name: "Pavel", Address: "Pavel@customer.example"}, {Address: "DESK@shop.example"}}
	began := d.Receive(mail, first)
	if len(began.Cc) != 1 || began.Cc[0].Address != "Pavel@customer.example" {
		t.Fatalf("got copies to %v, want Pavel alone", began.Cc)
	}
	in := d.MailFrom(mail, "Pavel", desktest.PavelMail, "Re: Order 7", "I wait too")
	in.Mail.InReplyTo, in.Mail.To = first.VendorID, []domain.MailAddress{{Address: desktest.JanaMail}, {Address: desktest.MailAddress}}
	got := d.Receive(mail, in)
	thread := d.Thread(got.ID)
	if m := thread[1]; got.ID != began.ID || m.Mail.Stranger || m.Author.Name != "Pavel" {
		t.Errorf("got %+v by %s, want Pavel as one who takes part", m.Mail, m.Author.Name)
	}
	if got.To.Value != desktest.JanaMail || got.Name != "Jana" || len(got.Cc) != 1 ||
		!strings.EqualFold(got.Cc[0].Address, desktest.PavelMail) {
		t.Errorf("answers go to %s of %s with copies to %v, want to Jana with a copy to Pavel", got.To.Value, got.Name, got.Cc)
	}
}

func TestReceiveLetter_AnswersGoWhereTheAuthorWantsThem(t *testing.T) {
	d := desktest.New(t)
	mail := d.Mailbox()
	in := d.MailFrom(mail, "Jana", desktest.JanaMail, "Order 7", "Where is it?")
	in.Mail.ReplyTo = domain.MailAddress{Address: "orders@other.example"}
	if got := d.Receive(mail, in); got.To.Value != "orders@other.example" || len(got.Cc) != 0 {
		t.Errorf("answers go to %s and %v, want the address the author gave", got.To.Value, got.Cc)
	}
	in = d.MailFrom(mail, "Form", "form@customer.example", "Question", "text")
	in.Mail.ReplyTo = domain.MailAddress{Address: desktest.MailAddress}
	if got := d.Receive(mail, in); got.To.Value != "form@customer.example" {
		t.Errorf("answers go to %s, want not to ourselves", got.To.Value)
	}
}

func TestReceiveLetter_OnePersonManyConversations(t *testing.T) {
	d := desktest.New(t)
	mail := d.Mailbox()
	one := d.Receive(mail, d.MailFrom(mail, "Jana", desktest.JanaMail, "Order 7", "first"))
	two := d.Receive(mail, d.MailFrom(mail, "Jana", "JANA@customer.example", "Invoice", "second"))
	if one.ID == two.ID || one.ContactID != two.ContactID {
		t.Errorf("got conversations %s and %s of contacts %s and %s; want two of one", one.ID, two.ID, one.ContactID, two.ContactID)
	}
}

func TestReceiveLetter_SourceHTMLAndFilesAreKept(t *testing.T) {
	d := desktest.New(t)
	mail := d.Mailbox()
	in := d.MailFrom(mail, "Jana", desktest.JanaMail, "Order 7/8", "See the paper")
	in.Source, in.HTML = true, "<p>See the paper</p>"
	in.Attachments = []domain.Attachment{{State: domain.FileFetching, Name: "paper.txt", MIME: "text/plain", VendorID: "part-2"}}
	d.Mail.Keep("part-2", "the paper")
	batch := carrier.Batch{Messages: []carrier.InboundMessage{in}}
	d.Post(mail, batch)
	d.Post(mail, batch)
	conversation := d.Holding(mail, in.VendorID)
	thread := d.Thread(conversation.ID)
	if len(thread) != 1 {
		t.Fatalf("got %d messages, want the repeat to change nothing", len(thread))
	}
	m := thread[0]
	for id, want := range map[domain.ID]string{
		m.Mail.Source:           string(desktest.Webhook(batch).Body),
		m.Mail.HTML:             in.HTML,
		m.Attachments[0].FileID: "the paper",
	} {
		if got := readContent(t, d, d.Jana, id); got != want {
			t.Errorf("file %s: got %q, want %q", id, got, want)
		}
	}
	d.View(func(tx *store.Tx) error {
		f, err := tx.File(m.Mail.Source)
		if f.Name != "Order 7-8.eml" {
			t.Errorf("got the name %q", f.Name)
		}
		left, err2 := tx.UnclaimedFiles(10)
		if len(left) > 0 {
			t.Errorf("files %v belong to nobody", left)
		}
		return errors.Join(err, err2)
	})
}

func TestReceiveLetter_TooLongForAMessage_TheRestIsInItsFile(t *testing.T) {
	d := desktest.New(t)
	mail := d.Mailbox()
	var long strings.Builder
	for i := range 60000 {
		long.WriteString("ž" + strconv.Itoa(i) + " ")
	}
	in := d.MailFrom(mail, "Jana", desktest.JanaMail, "Long", long.String())
	in.Mail.Quoted, in.Source = long.String(), true
	got := d.Receive(mail, in)
	m := d.Thread(got.ID)[0]
	if len(m.Text) < 90<<10 || len(m.Text) > 110<<10 || !strings.HasSuffix(m.Text, "…") || len(m.Mail.Quoted) > 70<<10 {
		t.Errorf("got %d bytes of text and %d quoted", len(m.Text), len(m.Mail.Quoted))
	}
	if !strings.Contains(readContent(t, d, d.Jana, m.Mail.Source), "59999") {
		t.Error("the end of the letter is lost")
	}
}
