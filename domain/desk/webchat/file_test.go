package webchat_test

import (
	"io"
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/desk/webchat"
)

func TestVisitorFiles_StoredClaimedAndOnlyTheirs(t *testing.T) {
	c := newChat(t, nil)
	ctx, anna, bob := t.Context(), tokenOf("anna"), tokenOf("bob")
	f, err := c.WebChat.Upload(ctx, "web", anna, "198.51.100.7", "../bike.txt", "text/plain", strings.NewReader("the bike"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.WebChat.Upload(ctx, "web", anna, "198.51.100.7", "page.html", "text/html", strings.NewReader("<script>alert(1)</script>")); domain.KindOf(
		err,
	) != domain.Invalid {
		t.Errorf("a page: got %v, want Invalid", err)
	}
	if _, err := c.WebChat.Upload(ctx, "web", anna, "198.51.100.7", "big.txt", "text/plain", strings.NewReader(strings.Repeat("x", 2<<20))); domain.KindOf(
		err,
	) != domain.Invalid {
		t.Errorf("too large: got %v, want Invalid", err)
	}
	stolen := webchat.Message{ID: "message-9", Files: []domain.ID{f.ID}, Nameless: "Visitor"}
	if err := c.WebChat.Say(ctx, "web", bob, stolen); domain.KindOf(err) != domain.NotFound {
		t.Errorf("somebody else's upload: got %v, want not found", err)
	}
	if err := c.WebChat.Say(ctx, "web", anna, webchat.Message{
		ID:       "message-1",
		Text:     "Look",
		Files:    []domain.ID{f.ID},
		Nameless: "Visitor",
	}); err != nil {
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
