package channels_test

import (
	"testing"

	"pult/domain"
	"pult/internal/desktest"
)

func TestSetWebChat_OnlyAdministratorsAndOnlyWebChats(t *testing.T) {
	d := desktest.New(t)
	chat, err := d.Channels.Add(t.Context(), d.Eva, domain.Channel{
		Key: "web", Kind: domain.WebChat, Driver: "webchat", Name: "Chat", Enabled: true,
		Settings: map[string]string{"origins": "https://shop.example"},
	})
	if err != nil {
		t.Fatal(err)
	}
	w := domain.WebChatSettings{Colour: "#112233", Details: domain.AskName}
	set := func(who *domain.Operator, id domain.ID) error {
		return d.Channels.SetWebChat(t.Context(), who, id, w)
	}
	if err := set(d.Jana, chat.ID); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("an agent: got %v, want Forbidden", err)
	}
	if err := set(d.Eva, d.Channel.ID); domain.KindOf(err) != domain.NotFound {
		t.Errorf("another kind: got %v, want not found", err)
	}
	if err := set(d.Eva, chat.ID); err != nil {
		t.Fatal(err)
	}
	if got, err := d.WebChat.Find(t.Context(), "web"); err != nil || got.Colour != "#112233" || got.Details != domain.AskName ||
		len(got.Origins) != 1 {
		t.Errorf("got %+v, %v", got, err)
	}
}
