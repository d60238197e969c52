package views

import (
	"io"
	"strings"
	"testing"

	"pult/domain"
)

func letterSample(change func(*LetterView)) LetterView {
	l := LetterView{
		MessageID: sampleMessage, Name: "Jana Dvořáková", Address: "Jana@example.com", From: []string{"Jana Dvořáková <Jana@example.com>"},
		To: []string{"Desk@example.com"}, Height: "short",
	}
	change(&l)
	return l
}

func init() {
	for name, l := range map[string]LetterView{
		"plain": letterSample(func(*LetterView) {}),
		"full": letterSample(func(l *LetterView) {
			l.Subject, l.Cc, l.Date, l.AnswerTo = "Order 7", []string{"Pavel Malý <Pavel@example.com>"}, sampleNow, "Other@example.org"
			l.Automatic, l.Stranger, l.Unverified, l.Written, l.Pictures, l.Source = true, true, true, true, true, sampleFile
			l.Quoted, l.Signature, l.Height = Linkify("What we wrote"), "Laure Petit\nThe shop", "tall"
		}),
		"without text": letterSample(func(l *LetterView) { l.Name, l.Written, l.Only = "", true, true }),
	} {
		m := sampleBubble(func(m *MessageView) {
			m.Text, m.Letter, m.Attachments = Linkify("Where is my order?"), &l, []AttachmentView{sampleAttachment("file")}
		})
		addSample("letter "+name, func(v *Views, w io.Writer, lang string) error { return v.Message(w, lang, m) })
	}
	form := LetterForm{
		MessageID: sampleMessage,
		ChannelID: sampleChannel,
		To:        RecipientView{Address: "Jana@example.com"},
		Signature: "Laure Petit",
	}
	addSample("letter form", func(v *Views, w io.Writer, lang string) error { return v.LetterForm(w, lang, form) })
	faulty := form
	faulty.To, faulty.Subject, faulty.Cc, faulty.Text, faulty.Sentence = RecipientView{
		ContactID: sampleContact,
		Name:      "Jana Dvořáková",
		Address:   "Jana@example.com",
	}, "Order 7", "No address", "Hello there", "It is wrong."
	faulty.Fields = map[string]string{"subject": "It is missing.", "cc": "It is wrong.", "text": "It is missing."}
	addSample("letter form with faults", func(v *Views, w io.Writer, lang string) error { return v.LetterForm(w, lang, faulty) })
}

// What a frame holds has a policy of its own that allows style: nothing but the letter and our few rules may stand
// there.
func TestLetterDocument_HoldsTheLetterAndNothingElse(t *testing.T) {
	var b strings.Builder
	if err := newViews(t).LetterDocument(&b, "fr", `<"title">`, "<p>Bonjour</p>"); err != nil {
		t.Fatal(err)
	}
	out := b.String()
	for _, want := range []string{`<html lang="fr">`, "&lt;&#34;title&#34;&gt;", "<body><p>Bonjour</p></body>", `<base target="_blank">`} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in %s", want, out)
		}
	}
	for _, bad := range []string{"<script", "http", "src="} {
		if strings.Contains(out, bad) {
			t.Errorf("%s in %s", bad, out)
		}
	}
}

// The frame is what keeps a letter from acting on the page: a slip here would be seen by nobody.
func TestLetterFrame_IsASandboxWithoutScript(t *testing.T) {
	l := letterSample(func(l *LetterView) { l.Written = true })
	var b strings.Builder
	if err := newViews(t).Message(&b, "en", sampleBubble(func(m *MessageView) { m.Letter = &l })); err != nil {
		t.Fatal(err)
	}
	for _, tag := range parseTags(b.String()) {
		if tag.Data != "iframe" {
			continue
		}
		got := map[string]string{}
		for _, a := range tag.Attr {
			got[a.Key] = a.Val
		}
		if got["sandbox"] != "allow-popups allow-popups-to-escape-sandbox" ||
			got["src"] != "/messages/"+domain.ID(sampleMessage).String()+"/letter" {
			t.Errorf("got %v", got)
		}
		return
	}
	t.Error("there is no frame")
}
