package i18n

import (
	"os"
	"testing"
)

// loadedAtStart is how many languages were read before anybody asked for one.
var loadedAtStart int64

func TestMain(m *testing.M) {
	loadedAtStart = loaded.Load()
	os.Exit(m.Run())
}

func TestFor_ReadsTheLanguagesThatHaveReadersOnly(t *testing.T) {
	if loadedAtStart != 0 {
		t.Errorf("%d languages were read at the start, want none", loadedAtStart)
	}
	For("cs")
	once := loaded.Load()
	if once == 0 {
		t.Fatal("a language was spoken and none was read: nothing is counted")
	}
	For("cs")
	if got := loaded.Load(); got != once {
		t.Errorf("the second reader had %d languages read, want none", got-once)
	}
}

func TestOwnName_NamesEveryLanguage(t *testing.T) {
	for _, lang := range Languages {
		if got := OwnName(lang); got == lang || got == "" {
			t.Errorf("%s has no name of its own: got %q", lang, got)
		}
	}
}
