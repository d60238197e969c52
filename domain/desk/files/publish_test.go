package files_test

import (
	"io"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/desk/files"
	"pult/internal/desktest"
)

func TestPublish_TokenOpensItsFileUntilItsTimeIsOver(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	f, err := d.Files.Upload(t.Context(), d.Jana, c.ID, "a.txt", "text/plain", strings.NewReader("hello"))
	if err != nil {
		t.Fatal(err)
	}
	token, err := files.Publish(t.Context(), d.Store, f.ID)
	if err != nil {
		t.Fatal(err)
	}
	other, err := files.Publish(t.Context(), d.Store, f.ID)
	if err != nil || other == token || strings.Contains(token, f.ID.String()) || len(token) < 20 {
		t.Errorf("got tokens %q and %q, %v; want two that name nothing", token, other, err)
	}
	read := func(token string) (string, error) {
		_, r, err := d.Files.OpenPublished(t.Context(), token)
		if err != nil {
			return "", err
		}
		defer r.Close()
		b, err := io.ReadAll(r)
		return string(b), err
	}
	for _, wait := range []time.Duration{0, files.PublishedFor / 2, files.PublishedFor/2 - time.Second} {
		d.Clock.Move(wait)
		if got, err := read(token); got != "hello" || err != nil {
			t.Errorf("%v later: got %q, %v, want the file", wait, got, err)
		}
	}
	d.Clock.Move(time.Second)
	for name, x := range map[string]string{
		"over":          token,
		"over as well":  other,
		"unknown":       "nothing",
		"none":          "",
		"the file's id": f.ID.String(),
	} {
		if got, err := read(x); domain.KindOf(err) != domain.NotFound {
			t.Errorf("%s: got %q, %v, want not found", name, got, err)
		}
	}
	if again, err := files.Publish(t.Context(), d.Store, f.ID); err != nil || again == token {
		t.Errorf("published again: got %q, %v, want another token", again, err)
	}
	if _, err := files.Publish(t.Context(), d.Store, d.NewID()); domain.KindOf(err) != domain.NotFound {
		t.Errorf("a file that does not exist: got %v, want not found", err)
	}
}
