package settings_test

import (
	"net/http"
	"testing"
	"time"

	"pult/domain/auth"
	"pult/internal/desktest"
	"pult/internal/webtest"
)

// A page that waits for the vendor's first call asks every few seconds; left open over night it must not keep anybody
// signed in.
func TestChannels_WaitingDoesNotCountAsUsingTheSession(t *testing.T) {
	for path, want := range map[string]int{"/status": http.StatusSeeOther, "": http.StatusOK} {
		small := desktest.New(t)
		options := webtest.PrepareOptions(t, small)
		options.Auth = auth.New(small.Store, auth.Options{Now: small.Clock.Now, Idle: 12 * time.Hour, Absolute: 24 * time.Hour})
		d := webtest.Serve(small, options)
		page := "/settings/channels/" + d.Channel.ID.String()
		if w := d.Get(d.Eva, page, false); w.Code != http.StatusOK {
			t.Fatalf("at the sign-in: got %d", w.Code)
		}
		d.Clock.Move(11 * time.Hour)
		if w := d.Get(d.Eva, page+path, false); w.Code >= http.StatusMultipleChoices {
			t.Fatalf("%q before the session is over: got %d", path, w.Code)
		}
		d.Clock.Move(2 * time.Hour)
		if w := d.Get(d.Eva, page, false); w.Code != want {
			t.Errorf("thirteen hours after the sign-in, having asked for %q after eleven: got %d, want %d", path, w.Code, want)
		}
	}
}
