package engagelab_test

import (
	"strings"
	"testing"

	"pult/domain/carrier"
)

func TestAnswer_EchoesTheConsolesTrialAndNothingElse(t *testing.T) {
	d := newDriver(t, config(""))
	for body, want := range map[string]string{
		`{"echostr":"a1b2c3d4"}`: "a1b2c3d4",
		`{"echostr":"<script>"}`: "",
		`{"echostr":7}`:          "",
		`{"message_id":"1"}`:     "",
		`{}`:                     "",
		``:                       "",
		`{"echostr":"` + strings.Repeat("a", 300) + `"}`: "",
	} {
		if _, got := d.Answer(carrier.Webhook{Body: []byte(body)}); got != want {
			t.Errorf("%.40s: got %q, want %q", body, got, want)
		}
	}
}

// The trial itself is nothing to keep an administrator busy with.
func TestParse_ConsolesTrialSaysNothing(t *testing.T) {
	d := newDriver(t, config(""))
	for _, body := range []string{`{"echostr":"a1b2c3d4"}`, `{}`, ``} {
		b, err := d.Parse(carrier.Webhook{Body: []byte(body)})
		if err != nil || len(b.Messages)+len(b.Statuses)+len(b.Unknown) > 0 {
			t.Errorf("%q: got %+v, %v, want nothing", body, b, err)
		}
	}
}
