package journey_test

import (
	"errors"
	"html"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// stoppedDemo is the data folder of a demo that was stopped.
func stoppedDemo(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := launch(t, nil, "-demo", "-data", dir).stop(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestProgram_LostSealKeyCostsTheCredentialsAndNothingElse(t *testing.T) {
	dir := stoppedDemo(t)
	key := filepath.Join(dir, "seal.key")
	whole, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	p := launch(t, nil, "-demo", "-data", dir)
	v := newVisitor(t)
	v.signIn(p.desk)
	rows := v.rows(p.desk)
	if len(rows) < 10 {
		t.Errorf("got %d conversations, want those of the demo", len(rows))
	}
	v.get(p.desk + "/chats/" + rows[0])
	if !saysInAnyLanguage(v.get(p.desk+"/settings/channels"), "health.state.unusable") {
		t.Error("the channels do not say that they lack something")
	}
	if _, err := os.Stat(key); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a new key was made beside a database that exists: %v", err)
	}
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}

	if err := os.WriteFile(key, whole, 0o600); err != nil { // it has turned up
		t.Fatal(err)
	}
	p = launch(t, nil, "-demo", "-data", dir)
	body := webhookBody("wamid.after", "420777000009", "with the old key", time.Now())
	if status, err := postWebhook(v.Client, p.public, body); err != nil || status != 200 {
		t.Errorf("a webhook with the key back: %d, %v, want 200", status, err)
	}
}

func TestProgram_DiskUnderTheFloorAtItsStartIsSaidOnThePages(t *testing.T) {
	dir := stoppedDemo(t)
	p := launch(t, []string{"PULT_LIMITS_FREE_DISK_FLOOR_BYTES=1099511627776"}, "-demo", "-data", dir)
	v := newVisitor(t)
	v.signIn(p.desk)
	told := saysInAnyLanguage(v.get(p.desk+"/chats"), "health.disk_full")
	if rows := v.rows(p.desk); len(rows) < 10 || !told {
		t.Errorf("got %d conversations, told of the disk: %v", len(rows), told)
	}
	if status, err := postWebhook(v.Client, p.public, webhookBody("wamid.full", "420777000009", "no room", time.Now())); err != nil || status != 503 {
		t.Errorf("a webhook: %d, %v, want 503 so that the vendor calls again", status, err)
	}
	if err := p.stop(); err != nil {
		t.Errorf("stop: %v", err)
	}
}

func saysInAnyLanguage(page, key string) bool {
	for _, lang := range []string{"en", "fr", "cs"} {
		if strings.Contains(html.UnescapeString(page), says(lang, key)) {
			return true
		}
	}
	return false
}
