package journey_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"pult/providers/simulator/graph"
	"pult/providers/simulator/twilio"
)

// TestDemo_SpeaksWithAnybodyWhoKnowsTheSecrets posts to the demo's webhooks what docs/demo.md promises to understand.
func TestDemo_SpeaksWithAnybodyWhoKnowsTheSecrets(t *testing.T) {
	var mu sync.Mutex
	asked := map[string]bool{} // what the drivers asked of the servers they were pointed to
	vendor := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked[r.URL.Path] = true
		w.WriteHeader(http.StatusNotFound)
	}))
	t.Cleanup(vendor.Close)
	var environ []string
	for _, name := range []string{"WHATSAPP", "TWILIO", "ENGAGELAB", "MESSENGER"} {
		environ = append(environ, "PULT_DEMO_"+name+"_URL="+vendor.URL)
	}
	p := launch(t, environ, "-demo")
	v := newVisitor(t)
	v.signIn(p.desk)

	sms := url.Values{
		"AccountSid": {"ACdemo0000000000000000000000000001"},
		"MessageSid": {"SM00000000000000000000000000000001"},
		"From":       {"+420777000101"},
		"To":         {"+420602000333"},
		"Body":       {"Stranger by SMS"},
		"SmsStatus":  {"received"},
	}
	whatsApp := url.Values{
		"AccountSid":  {"ACdemo0000000000000000000000000001"},
		"MessageSid":  {"SM00000000000000000000000000000002"},
		"From":        {"whatsapp:+420777000102"},
		"To":          {"whatsapp:+420602000333"},
		"Body":        {"Stranger by Twilio"},
		"ProfileName": {"Stranger"},
		"WaId":        {"420777000102"},
		"SmsStatus":   {"received"},
	}
	for _, form := range []url.Values{sms, whatsApp} {
		address := p.public + "/hooks/demo-twilio"
		post(
			t,
			address,
			"application/x-www-form-urlencoded",
			"X-Twilio-Signature",
			twilio.Sign("demo-twilio-token", address, form),
			form.Encode(),
		)
	}
	const lab = `{"total":1,"rows":[{"server":"whatsapp","channel":"whatsapp","itime":1785500000,"message_id":"1","from":"420777000103","to":"+420603000444","response":{"event":"received","response_data":{"channel_message_id":"wamid.X1","whatsapp_business_account_id":"200000000000002","contact":{"profile":{"name":"Stranger"},"wa_id":"420777000103"},"message":{"type":"text","text":{"body":"Stranger by EngageLab"}}}}}]}`
	post(t, p.public+"/hooks/demo-engagelab", "application/json", "", "", lab)
	const page = `{"object":"page","entry":[{"id":"300000000000001","time":1785500000000,"messaging":[{"sender":{"id":"7000000000000001"},"recipient":{"id":"300000000000001"},"timestamp":1785500000000,"message":{"mid":"m_X1","text":"Stranger by Messenger"}}]}]}`
	post(t, p.public+"/hooks/demo-messenger", "application/json", "X-Hub-Signature-256", graph.Sign("demo-app-secret", []byte(page)), page)
	if got := v.get(p.public + "/hooks/demo-messenger?hub.mode=subscribe&hub.verify_token=demo-verify-token&hub.challenge=4711"); got != "4711" {
		t.Errorf("handshake of Messenger: got %q, want the challenge", got)
	}

	for text, channel := range map[string]string{
		"Stranger by SMS":       "i-channel-sms",
		"Stranger by Twilio":    "i-channel-whatsapp",
		"Stranger by EngageLab": "i-channel-whatsapp",
		"Stranger by Messenger": "i-channel-messenger",
	} {
		chatOf(t, v, p, text)
		if list := v.get(p.desk + "/chats?q=" + url.QueryEscape(text)); !strings.Contains(list, channel) {
			t.Errorf("%s: the row shows no %s", text, channel)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	for _, path := range []string{"/v1/ContentAndApprovals", "/v1/templates"} {
		if !asked[path] {
			t.Errorf("no driver asked for %s, only for %v", path, asked)
		}
	}
}

func post(t *testing.T, address, kind, header, signature, body string) {
	t.Helper()
	req, err := http.NewRequest(http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", kind)
	if header != "" {
		req.Header.Set(header, signature)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("%s: status %d, want 200", address, res.StatusCode)
	}
}
