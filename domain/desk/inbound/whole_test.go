package inbound_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
	"pult/internal/desktest"
)

// largestBody is the largest webhook that is taken where nobody configured another limit, in bytes.
const largestBody = 4 << 20

// Whatever was acknowledged and cannot be taken in stays, every byte of it, until a person drops it.
func TestReceive_LargestWebhookKeepsEveryByteUntilItIsDropped(t *testing.T) {
	long := strings.Repeat("dlouhá zpráva ", largestBody/16)
	for name, spoil := range map[string]func(*desktest.Desk, *carrier.Batch){
		"a message that is too long": func(d *desktest.Desk, b *carrier.Batch) {
			b.Messages[1].Text = long
		},
		"a message for a number of nobody's": func(d *desktest.Desk, b *carrier.Batch) {
			b.Messages[1].Text, b.Messages[1].Account = long, "nobody's"
		},
		"a part that nobody understands": func(d *desktest.Desk, b *carrier.Batch) {
			raw, _ := json.Marshal(long)
			b.Unknown = []carrier.Unknown{{What: "new", Raw: raw}}
		},
		"several of them": func(d *desktest.Desk, b *carrier.Batch) {
			b.Messages[1].Text = long[:len(long)/2]
			b.Messages[2].Text = long[len(long)/2:]
		},
	} {
		d := desktest.New(t)
		var b carrier.Batch
		for _, text := range []string{"před", "mezi", "uvnitř", "po"} {
			m := d.Text(d.Channel, desktest.Anna, text)
			m.VendorID = text
			b.Messages = append(b.Messages, m)
		}
		spoil(d, &b)
		sent := desktest.Webhook(b)
		if len(sent.Body) < largestBody*9/10 {
			t.Fatalf("%s: the webhook has only %d bytes", name, len(sent.Body))
		}
		if err := d.Inbound.Accept(t.Context(), d.Channel.Key, sent); err != nil {
			t.Fatal(err)
		}
		d.Settle()
		if said := d.Thread(d.With(d.Channel, desktest.Anna).ID); len(said) < 2 || said[0].Text != "před" || said[len(said)-1].Text != "po" {
			t.Errorf("%s: its neighbours were not stored: %d messages", name, len(said))
		}
		for _, when := range []string{"at once", "after a restart", "after a try that failed again"} {
			switch when {
			case "after a restart":
				d.Restart()
			case "after a try that failed again":
				parked, _ := d.Inbound.ListParked(t.Context(), d.Eva)
				if err := d.Inbound.ReplayParked(t.Context(), d.Eva, parked[0].ID); err != nil {
					t.Fatal(err)
				}
				d.Settle()
			}
			parked, err := d.Inbound.ListParked(t.Context(), d.Eva)
			if err != nil || len(parked) != 1 {
				t.Fatalf("%s, %s: %d entries parked, %v; want the webhook once", name, when, len(parked), err)
			}
			if parked[0].Size != len(sent.Body) {
				t.Errorf("%s, %s: listed with %d bytes, want %d", name, when, parked[0].Size, len(sent.Body))
			}
			body, err := d.Inbound.ReadParkedBody(t.Context(), d.Eva, parked[0].ID)
			if err != nil || !bytes.Equal(body, sent.Body) {
				t.Errorf("%s, %s: %d bytes are kept, %v; want all %d", name, when, len(body), err, len(sent.Body))
			}
		}
		if _, err := d.Inbound.ReadParkedBody(t.Context(), d.Karel, domain.ID{}); domain.KindOf(err) != domain.Forbidden {
			t.Errorf("a supervisor reads the journal: %v", err)
		}
		parked, _ := d.Inbound.ListParked(t.Context(), d.Eva)
		if err := d.Inbound.DropParked(t.Context(), d.Eva, parked[0].ID); err != nil {
			t.Fatal(err)
		}
		if left := d.Keys("j"); len(left) != 0 {
			t.Errorf("%s: %d keys are left after it was dropped: %.200q", name, len(left), left)
		}
	}
}
