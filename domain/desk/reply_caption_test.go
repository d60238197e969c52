package desk_test

import (
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/desk/outbound"
	"pult/internal/desktest"
)

func TestReply_FilesWithoutWords_TheTextGoesFirstByItself(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Page(), claire, "Bonjour")
	f, err := d.Files.Upload(t.Context(), d.Jana, c.ID, "tasse.png", "image/png", strings.NewReader("\x89PNG\r\n\x1a\n"))
	if err != nil {
		t.Fatal(err)
	}
	sent, err := d.Outbound.Reply(t.Context(), d.Jana, outbound.Reply{ID: d.NewID(), ConversationID: c.ID, Text: "La voici", Files: []domain.ID{f.ID}})
	if err != nil {
		t.Fatal(err)
	}
	if len(sent) != 2 || sent[0].Kind != domain.KindText || sent[0].Text != "La voici" || sent[1].Kind != domain.KindImage || sent[1].Text != "" {
		t.Errorf("got %+v, want the text and then the picture", sent)
	}
}
