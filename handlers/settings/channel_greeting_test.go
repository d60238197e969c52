package settings_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"pult/domain"
)

func TestResponses_GreetingIsOffUntilSwitchedOnAndKeepsItsText(t *testing.T) {
	d := office(t, "")
	page := path(d.Channel, "/responses")
	w := d.Visit(d.Eva, "GET", page, nil, false)
	holds(t, w, 200, `name="on"`, `<textarea class="input" id="field-text" name="text"`, `maxlength="`)
	if strings.Contains(w.Body.String(), `autocomplete="off" checked`) {
		t.Error("a new channel greets")
	}
	text := "Dobrý den 👋\r\n\r\nça va ? <b>\x00"
	if w := d.Visit(d.Eva, "POST", page, url.Values{"on": {"on"}, "text": {text}}, false); w.Code != http.StatusSeeOther {
		t.Fatalf("got %d: %s", w.Code, w.Body)
	}
	holds(
		t,
		d.Visit(d.Eva, "GET", page+"?done=saved", nil, false),
		200,
		`name="on" value="on" autocomplete="off" checked`,
		"\nDobrý den 👋\n\nça va ? &lt;b&gt;</textarea>",
		`role="status"`,
	)
	d.Visit(d.Eva, "POST", page, url.Values{"text": {text}}, false)
	s, err := d.Channels.Read(t.Context(), d.Eva, d.Channel.ID)
	if err != nil || s.Channel.Greeting != (domain.Greeting{Text: "Dobrý den 👋\n\nça va ? <b>"}) {
		t.Errorf("switched off: got %+v, %v, want the text kept", s.Channel.Greeting, err)
	}
}

func TestResponses_FaultsStandAtTheText(t *testing.T) {
	d := office(t, "")
	for name, text := range map[string]string{"missing": " ", "too long": strings.Repeat("ž", 5000)} {
		w := d.Visit(d.Eva, "POST", path(d.Channel, "/responses"), url.Values{"on": {"on"}, "text": {text}}, false)
		holds(t, w, http.StatusUnprocessableEntity, `aria-invalid="true"`, `id="error-text"`, `role="alert"`, `autocomplete="off" checked`)
		if s, err := d.Channels.Read(t.Context(), d.Eva, d.Channel.ID); err != nil || s.Channel.Greeting.On {
			t.Errorf("%s: stored %+v, %v", name, s.Channel.Greeting, err)
		}
	}
}

// A line for calls has nobody to write to; pages of the desk's own have a first message already.
func TestResponses_OnlyWhereTheChannelCanGreet(t *testing.T) {
	d := office(t, "")
	holds(t, d.Visit(d.Eva, "GET", path(d.Channel, "/health"), nil, false), 200, path(d.Channel, "/responses"))
	chat, err := d.Channels.Add(t.Context(), d.Eva, domain.Channel{
		Key:      "chat",
		Kind:     domain.WebChat,
		Driver:   "webchat",
		Name:     "Web",
		Enabled:  true,
		Settings: map[string]string{"origins": "https://shop.example"},
		Secrets:  map[string]domain.Secret{"identity_secret": "x"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []domain.Channel{d.AddVoiceChannel("line"), chat} {
		if w := d.Visit(d.Eva, "GET", path(c, "/responses"), nil, false); w.Code != http.StatusNotFound {
			t.Errorf("%s: got %d, want 404", c.Key, w.Code)
		}
		if w := d.Visit(d.Eva, "GET", path(c, "/health"), nil, false); strings.Contains(w.Body.String(), "/responses") {
			t.Errorf("%s has the tab", c.Key)
		}
		if w := d.Visit(d.Eva, "POST", path(c, "/responses"), url.Values{
			"on":   {"on"},
			"text": {"x"},
		}, false); w.Code != http.StatusNotFound {
			t.Errorf("%s: saving got %d, want 404", c.Key, w.Code)
		}
	}
	if w := d.Visit(d.Jana, "POST", path(d.Channel, "/responses"), url.Values{"text": {"x"}}, false); w.Code != http.StatusForbidden {
		t.Errorf("an operator: got %d, want 403", w.Code)
	}
}
