package present

import (
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/desk/chats"
	"pult/i18n"
)

func TestMessage_WhatWaitsSaysForWhatInEveryLanguage(t *testing.T) {
	until := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	for _, lang := range []string{"fr", "cs", "en"} {
		p := Presenter{Words: i18n.For(lang)}
		for _, key := range []string{"provider.rate_limited", "provider.unauthorised", "provider.temporary", "no.such.key"} {
			m := chats.MessageItem{
				Message: domain.Message{Direction: domain.Outgoing, State: domain.StateQueued, Kind: domain.KindText},
				Wait:    &chats.Wait{Failure: domain.Failure{Key: key, Code: "429"}, Until: until},
			}
			got := p.Message(m).Wait
			if got == nil || got.Sentence == "" || strings.Contains(got.Sentence, "⟦") || got.Code != "429" || !got.Until.Equal(until) {
				t.Errorf("%s, %s: got %+v, want a sentence, the code and the time", lang, key, got)
			}
			m.Wait = nil
			if got := p.Message(m).Wait; got != nil {
				t.Errorf("%s: got %+v for a message that does not wait", lang, got)
			}
		}
	}
}
