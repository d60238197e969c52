package chats_test

import (
	"testing"

	"pult/domain/desk/chats"
	"pult/internal/desktest"
)

func TestSearch_FindsWithoutDiacriticsByPrefixAndByNumber(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "Kde je moje objednávka č. 2041?")
	for _, text := range []string{"objednavka", "OBJED", "2041", "kde moje", "Bila", "777 111 222", "1222"} {
		got, err := d.Chats.Search(t.Context(), d.Jana, chats.SearchQuery{Text: text})
		if err != nil || len(got.Messages)+len(got.Contacts) == 0 {
			t.Errorf("%q: got nothing, %v", text, err)
		}
		for _, hit := range got.Contacts {
			if hit.Conversation != c.ID {
				t.Errorf("%q: got conversation %s, want %s", text, hit.Conversation, c.ID)
			}
		}
	}
	if got, _ := d.Chats.Search(t.Context(), d.Jana, chats.SearchQuery{Text: "nesmysl"}); len(got.Messages) != 0 {
		t.Errorf("got %d hits for a word nobody wrote", len(got.Messages))
	}
}
