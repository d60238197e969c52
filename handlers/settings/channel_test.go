package settings_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"pult/domain"
	"pult/domain/carrier"
	"pult/internal/webtest"
)

// canary is a credential that must be in no page.
const canary = "canary-secret-7f3a-WXYZ"

// office is the settings of channels on a small real desk.
func office(t *testing.T, public string) *webtest.Desk {
	t.Helper()
	return webtest.New(t, func(o *webtest.Options) {
		o.PublicURL, o.PublicListen = webtest.Origin(t, public), "http://127.0.0.1:7859"
		o.Help = fstest.MapFS{"channels/test.en.md": {
			Data: []byte("# A guide\n\nSee [channels](/settings/channels).\n\n<script>alert(1)</script>"),
		}}
	})
}

func entered(change ...string) url.Values {
	f := url.Values{
		"kind": {"whatsapp"}, "driver": {"test"}, "name": {"Prodej"}, "f_account": {" 300000000000001 "}, "f_number": {"777 888 999"},
		"f_test_token": {canary}, "f_verify": {"random-token"},
	}
	for i := 0; i+1 < len(change); i += 2 {
		f.Set(change[i], change[i+1])
	}
	return f
}

// readCzech makes Eva read Czech, so that numbers without a country are Czech ones.
func readCzech(d *webtest.Desk) {
	d.T.Helper()
	if err := d.People.SaveProfile(d.T.Context(), d.Eva, "Eva Malá", domain.Czech); err != nil {
		d.T.Fatal(err)
	}
}

func connect(t *testing.T, d *webtest.Desk) (path string) {
	t.Helper()
	readCzech(d)
	w := d.Visit(d.Eva, "POST", "/settings/channels", entered(), false)
	path, _, ok := strings.Cut(w.Header().Get("Location"), "?")
	if w.Code != http.StatusSeeOther || !ok {
		t.Fatalf("got %d to %q: %s", w.Code, w.Header().Get("Location"), w.Body)
	}
	return path
}

func holds(t *testing.T, w *httptest.ResponseRecorder, status int, texts ...string) {
	t.Helper()
	if w.Code != status {
		t.Errorf("got %d, want %d: %s", w.Code, status, w.Body)
	}
	for _, text := range texts {
		if !strings.Contains(w.Body.String(), text) {
			t.Errorf("the answer lacks %q: %s", text, w.Body)
		}
	}
	if strings.Contains(w.Body.String(), canary) {
		t.Error("the answer holds the credential")
	}
}

func TestChannels_ConnectedPageTellsWhatToDoAtTheVendor(t *testing.T) {
	d := office(t, "https://hooks.shop.example")
	path := connect(t, d)
	w := d.Visit(d.Eva, "GET", path+"?done=added", nil, false)
	holds(
		t,
		w,
		200,
		"https://hooks.shop.example/hooks/",
		"random-token",
		"<code>messages</code>",
		"WXYZ",
		"420 777 888 999",
		`hx-trigger="every 3s"`,
		"channel-added",
	)
	holds(t, d.Visit(d.Eva, "GET", "/settings/channels", nil, false), 200, "Prodej", "420 777 888 999", `href="`+path+`"`)
}

func TestChannels_WithoutPublicAddressSaysSo(t *testing.T) {
	d := office(t, "")
	holds(t, d.Visit(d.Eva, "GET", connect(t, d), nil, false), 200, "http://127.0.0.1:7859/hooks/", "pult.ini")
}

func TestChannels_StatusTurnsGreenWithTheFirstCall(t *testing.T) {
	d := office(t, "")
	path := connect(t, d)
	// nothing to draw anew, so nothing is read out again
	holds(t, d.Visit(d.Eva, "GET", path+"/status", nil, true), 204)
	id, err := domain.ParseID(strings.TrimPrefix(path, "/settings/channels/"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := d.Channels.Read(t.Context(), d.Eva, id)
	if err != nil {
		t.Fatal(err)
	}
	d.Say(s.Channel, webtest.Novak, "Dobrý den")
	w := d.Visit(d.Eva, "GET", path+"/status", nil, true)
	holds(t, w, 200, `data-tone="green"`)
	if strings.Contains(w.Body.String(), "every 3s") {
		t.Error("it goes on asking")
	}
}

func TestChannels_RefusalLeavesTheFormAlone(t *testing.T) {
	d := office(t, "")
	d.Vendor.TestWith(func() (carrier.Account, error) {
		return carrier.Account{}, &carrier.Error{Class: carrier.Unauthorised, Code: "token", Detail: "no " + "token"}
	})
	w := d.Visit(d.Eva, "POST", "/settings/channels", entered("f_number", "+420777888999"), true)
	holds(t, w, 422, `id="channel-faults"`, `href="#field-test_token"`, `hx-target="#fault-test_token"`)
	if strings.Contains(w.Body.String(), "<input") {
		t.Error("the refusal brings inputs along")
	}
	w = d.Visit(d.Eva, "POST", "/settings/channels", entered("f_number", "+420777888999"), false)
	holds(t, w, 422, "<!doctype html>", `value="Prodej"`, `value="300000000000001"`, `href="#field-test_token"`)
	holds(t, d.Visit(d.Eva, "GET", "/settings/channels", nil, false), 200, "shop")
	if w := d.Visit(d.Eva, "GET", "/settings/channels", nil, false); strings.Contains(w.Body.String(), "Prodej") {
		t.Error("a channel was stored all the same")
	}
}

func TestChannels_FieldFaults(t *testing.T) {
	d := office(t, "")
	for name, c := range map[string]struct{ field, value, at string }{
		"no name":       {"name", " ", "name"},
		"not a number":  {"f_number", "12", "number"},
		"not digits":    {"f_account", "abc", "account"},
		"no credential": {"f_test_token", "", "test_token"},
		"plain http":    {"f_test_url", "http://192.0.2.1/", "test_url"},
	} {
		t.Run(name, func(t *testing.T) {
			holds(
				t,
				d.Visit(d.Eva, "POST", "/settings/channels", entered("f_number", "+420777888999", c.field, c.value), true),
				422,
				`href="#field-`+c.at+`"`,
			)
		})
	}
}

func TestChannels_SameAccountIsRefusedAtItsField(t *testing.T) {
	d := office(t, "")
	connect(t, d)
	holds(t, d.Visit(d.Eva, "POST", "/settings/channels", entered("f_number", "+420777888999"), true), 409, `href="#field-account"`)
}

func TestChannels_UnusualIDIsTakenWithAWarning(t *testing.T) {
	d := office(t, "")
	readCzech(d)
	w := d.Visit(d.Eva, "POST", "/settings/channels", entered("f_account", "30000000000000012"), false)
	path, _, _ := strings.Cut(w.Header().Get("Location"), "?")
	holds(t, d.Visit(d.Eva, "GET", path, nil, false), 200, "channel-warning", "15")
}

func TestChannels_AnotherProviderKeepsWhatWasTyped(t *testing.T) {
	d := office(t, "")
	holds(t, d.Visit(d.Eva, "GET", "/settings/channels/add/whatsapp", nil, false), 200, `<option value="other"`, `name="f_test_token"`)
	w := d.Visit(d.Eva, "POST", "/settings/channels/fields", entered("driver", "other", "f_test_url", "https://x.example"), true)
	holds(
		t,
		w,
		200,
		`id="channel-fields"`,
		`name="f_other_token"`,
		`value="300000000000001"`,
		`type="hidden" name="f_test_url" value="https://x.example"`,
	)
	w = d.Visit(d.Eva, "POST", "/settings/channels/fields", entered("driver", "other"), false)
	holds(t, w, 200, "<!doctype html>", `value="Prodej"`, `name="f_other_token"`)
}

func TestChannels_GenerateMakesAnotherToken(t *testing.T) {
	d := office(t, "")
	token := regexp.MustCompile(`name="f_verify" type="text" value="([a-z2-7]{26})"`)
	first := token.FindStringSubmatch(d.Visit(d.Eva, "GET", "/settings/channels/add/whatsapp", nil, false).Body.String())
	w := d.Visit(d.Eva, "POST", "/settings/channels/fields", entered("generate", "verify"), true)
	holds(t, w, 200, `id="place-verify"`)
	second := token.FindStringSubmatch(w.Body.String())
	if first == nil || second == nil || first[1] == second[1] {
		t.Errorf("got %q and %q, want two random tokens", first, second)
	}
	path := connect(t, d)
	id := strings.TrimPrefix(path, "/settings/channels/")
	holds(t, d.Visit(d.Eva, "POST", "/settings/channels/fields", entered("id", id, "generate", "verify"), false), 200, `value="`+id+`"`)
}

func TestChannels_SecretThatIsShownOnceIsShownWhileItIsMade(t *testing.T) {
	d := office(t, "")
	made := regexp.MustCompile(`name="f_once" type="text" value="([a-z2-7]{26})"`)
	new := made.FindStringSubmatch(d.Visit(d.Eva, "GET", "/settings/channels/add/whatsapp", nil, false).Body.String())
	if new == nil {
		t.Fatal("the form of a new channel shows no secret to copy")
	}
	readCzech(d)
	w := d.Visit(d.Eva, "POST", "/settings/channels", entered("f_once", new[1]), false)
	path, _, _ := strings.Cut(w.Header().Get("Location"), "?")
	tail := new[1][len(new[1])-4:]
	for _, page := range []string{path, path + "/setup"} {
		if body := d.Visit(d.Eva, "GET", page, nil, false).Body.String(); strings.Contains(body, new[1]) {
			t.Errorf("%s shows the secret again", page)
		}
	}
	holds(t, d.Visit(d.Eva, "GET", path, nil, false), 200, tail, `name="f_once" type="text" value=""`)
	id := strings.TrimPrefix(path, "/settings/channels/")
	again := made.FindStringSubmatch(d.Visit(d.Eva, "POST", "/settings/channels/fields", entered("id", id, "generate", "once"), true).Body.String())
	if again == nil || again[1] == new[1] {
		t.Errorf("asked for another one: got %q, want a new secret to copy", again)
	}
	d.Visit(d.Eva, "POST", path, entered("name", "Servis", "f_test_token", "", "f_once", ""), false)
	holds(t, d.Visit(d.Eva, "GET", path, nil, false), 200, tail) // left empty it stays
}

func TestChannels_EditKeepsCredentialsThatAreLeftEmpty(t *testing.T) {
	d := office(t, "")
	path := connect(t, d)
	f := entered("name", "Servis", "f_test_token", "")
	w := d.Visit(d.Eva, "POST", path, f, false)
	if to := w.Header().Get("Location"); to != path+"?done=saved" {
		t.Fatalf("got %d to %q: %s", w.Code, to, w.Body)
	}
	holds(t, d.Visit(d.Eva, "GET", path+"?done=saved", nil, false), 200, "Servis", "WXYZ")
}

func TestChannels_SwitchAndRemove(t *testing.T) {
	d := office(t, "")
	path := connect(t, d)
	w := d.Visit(d.Eva, "POST", path+"/enabled", url.Values{}, true)
	holds(t, w, 200, `class="setting channel-row"`)
	if strings.Contains(w.Body.String(), " checked") {
		t.Error("the switch is still on")
	}
	if w := d.Visit(d.Eva, "POST", path+"/enabled", url.Values{"on": {"1"}}, false); w.Header().Get("Location") != "/settings/channels" {
		t.Errorf("without script: led to %q", w.Header().Get("Location"))
	}
	holds(
		t,
		d.Visit(d.Eva, "POST", path+"/remove", url.Values{"confirm": {"no"}}, false),
		422,
		`id="fault-confirm"`,
		"channel-remove\" open",
	)
	if w := d.Visit(d.Eva, "POST", path+"/remove", url.Values{"confirm": {"Prodej"}}, false); w.Header().
		Get("Location") !=
		"/settings/channels?done=removed" {
		t.Errorf("got %d to %q", w.Code, w.Header().Get("Location"))
	}
	holds(t, d.Visit(d.Eva, "GET", path, nil, false), 404)
}

func TestChannels_AdministratorsOnly(t *testing.T) {
	d := office(t, "")
	path := connect(t, d)
	for _, o := range []*domain.Operator{d.Jana, d.Karel} {
		for _, page := range []string{"/settings/channels", "/settings/channels/add", "/settings/channels/add/whatsapp", path, path + "/status"} {
			holds(t, d.Visit(o, "GET", page, nil, false), 403)
		}
		for _, act := range []string{"/settings/channels", "/settings/channels/fields", path, path + "/enabled", path + "/remove"} {
			holds(t, d.Visit(o, "POST", act, entered(), false), 403)
		}
	}
	holds(t, d.Visit(d.Eva, "GET", "/settings/channels/add/carrier-pigeon", nil, false), 404)
}
