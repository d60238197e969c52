package channels_test

import (
	"testing"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/channels"
	"pult/internal/desktest"
)

// newTwoNumberForm is the form of a channel with a second number.
func newTwoNumberForm(account, second, number string) channels.Form {
	return channels.Form{Driver: "test", Name: "Prodej", Values: map[string]string{
		"account": account, "test_token": "t", "verify": "v", "account2": second, "number2": number,
	}}
}

func channelsByAccount(t *testing.T, d *desktest.Desk) map[string]domain.Channel {
	t.Helper()
	list, err := d.Channels.List(t.Context(), d.Eva)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]domain.Channel{}
	for _, s := range list {
		out[s.Channel.Account] = s.Channel
	}
	return out
}

func TestConnectChannel_SecondNumberBecomesAChannelOfItsOwn(t *testing.T) {
	d := desktest.New(t)
	if _, err := d.Channels.Connect(t.Context(), d.Eva, newTwoNumberForm("300000000000001", "300000000000002", "+420777888999")); err != nil {
		t.Fatal(err)
	}
	d.Settle()
	all := channelsByAccount(t, d)
	first, second := all["300000000000001"], all["300000000000002"]
	if second.Name != "Prodej 2" || second.Number != "+420777888999" || second.Key == "" || second.Key == first.Key || !second.Enabled {
		t.Errorf("got %+v beside %+v", second, first)
	}
}

func TestConnectChannel_EmptySecondNumberIsAccepted(t *testing.T) {
	d := desktest.New(t)
	if _, err := d.Channels.Connect(t.Context(), d.Eva, newTwoNumberForm("300000000000001", "", "")); err != nil {
		t.Fatal(err)
	}
	if got := len(channelsByAccount(t, d)); got != 3 {
		t.Errorf("got %d channels, want the two there were and one", got)
	}
}

func TestConnectChannel_SecondNumberAtFaultStoresNeither(t *testing.T) {
	d := desktest.New(t)
	for name, c := range map[string]struct {
		second, number, field string
		test                  func() (carrier.Account, error)
	}{
		"number without id":   {"", "+420777888999", "account2", nil},
		"the first one's":     {"300000000000001", "", "account2", nil},
		"another channel's":   {d.Channel.Account, "", "account2", nil},
		"no digits":           {"abc", "", "account2", nil},
		"another number's id": {"300000000000002", "+420777888999", "number2", func() (carrier.Account, error) { return carrier.Account{Number: "+420111222333"}, nil }},
	} {
		t.Run(name, func(t *testing.T) {
			d.Vendor.TestWith(c.test)
			_, err := d.Channels.Connect(t.Context(), d.Eva, newTwoNumberForm("300000000000001", c.second, c.number))
			if got := desktest.FaultsOf(err); got[c.field] == "" {
				t.Errorf("got %v (%v), want a fault at %s", got, err, c.field)
			}
			if got := len(channelsByAccount(t, d)); got != 2 {
				t.Errorf("%d channels are stored, want none more than before", got-2)
			}
		})
	}
}
