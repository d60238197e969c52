package present

import (
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/desk/connections"
	"pult/i18n"
)

func TestAlerts_OneLineForTheDiskAndOneForTheChannels(t *testing.T) {
	l := i18n.For("en")
	failing := connections.Alert{
		Channel: domain.ID{1},
		Name:    "Shop",
		Health:  connections.Health{State: connections.HealthFailing, Words: "provider.unauthorised"},
	}
	other := failing
	other.Channel, other.Name = domain.ID{2}, "Workshop"
	if got := Alerts(l, nil); got != nil {
		t.Errorf("nothing is wrong: got %v", got)
	}
	one := Alerts(l, []connections.Alert{failing})
	if len(one) != 1 || !strings.Contains(one[0].Text, "Shop") || !strings.HasSuffix(one[0].Href, "/health") {
		t.Errorf("got %+v", one)
	}
	all := Alerts(l, []connections.Alert{{}, failing, other})
	if len(all) != 2 || all[0].Key != "disk" || !strings.Contains(all[1].Text, "Shop, Workshop") || all[1].Key == one[0].Key {
		t.Errorf("got %+v", all)
	}
}

func TestAlerts_EndOfATokenIsToldWithItsDateInEveryLanguage(t *testing.T) {
	ends := time.Date(2026, 12, 3, 9, 0, 0, 0, time.UTC)
	for _, lang := range []string{"fr", "cs", "en"} {
		l := i18n.For(lang)
		for _, words := range []string{"provider.whatsapp.health.expires", "provider.messenger.health.expires"} {
			got := Alerts(l, []connections.Alert{{
				Channel: domain.ID{1}, Name: "Shop",
				Health: connections.Health{State: connections.HealthWarns, Ends: true, Expires: ends, Words: words},
			}})
			if len(got) != 1 || !strings.Contains(got[0].Text, l.Date(ends)) || strings.Contains(got[0].Text, "⟦") {
				t.Errorf("%s: got %+v, want the date", lang, got)
			}
		}
	}
}
