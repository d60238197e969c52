package present

import (
	"strings"
	"testing"

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
