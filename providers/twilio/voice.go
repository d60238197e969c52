package twilio

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"pult/domain"
	"pult/domain/carrier"
)

// Voice speaks for one telephone number of Twilio's Programmable Voice.
//
// A call is two calls at the vendor, bridged by it: the operator's own telephone and the customer's. The vendor asks by
// webhook what each of them does next, and the answer is markup (TwiML); it reports the progress of each by other
// webhooks, which may come in any order and may be lost. Everything is signed as messages are. Without a public address
// nothing of this works.
//
//	we call     the operator's telephone rings; they press a key, so that no answering machine is taken for them; then the
//	            customer's rings, with our number shown
//	they call   the telephones of the operators on duty ring, or those the channel names; whoever answers presses a key, for the
//	            same reason; nobody: a sentence, and a recording where the channel wants one
//	hold        the vendor has no hold for two calls that are bridged, so the far one is sent elsewhere: the bridge ends, the
//	            vendor asks what the near one does next, and both meet in a conference when the hold is over
//
// There is no idempotency key. Our message id travels in the query of every address we give, which the vendor signs.
type Voice struct {
	api  *Driver // signature, credentials and errors are those of messages
	cfg  VoiceConfig
	hook *url.URL // nil = nobody could call us
}

// VoiceConfig is what one number needs. AccountSID, AuthToken, Number and Say are required.
type VoiceConfig struct {
	BaseURL    string
	AccountSID string
	AuthToken  domain.Secret
	Number     string // E.164; shown to whoever is called
	Hook       string // public address of the channel's webhook; "" = calls can be received and set up by nobody
	ForwardTo  string // numbers, separated by commas, that ring for calls that come in; "" = the operators on duty
	Voicemail  bool   // callers whom nobody answers can leave a message
	Language   string // in which callers are spoken to; "" = by the number's country
	// Say gives a sentence in a language, by its message key.
	Say        func(lang domain.Language, key string) string
	HTTPClient *http.Client // its transport is used
}

var (
	_ carrier.Driver       = (*Voice)(nil)
	_ carrier.Answerer     = (*Voice)(nil)
	_ carrier.Caller       = (*Voice)(nil)
	_ carrier.CallAnswerer = (*Voice)(nil)
	_ carrier.MediaFetcher = (*Voice)(nil)
	_ carrier.Tester       = (*Voice)(nil)
)

// NewVoice checks the configuration and makes a driver. The error is a *domain.Error of kind Invalid whose Fields name
// every fault: those of New, and hook, forward_to, language.
func NewVoice(cfg VoiceConfig) (*Voice, error) {
	f := domain.FieldErrors{}
	v := &Voice{cfg: cfg}
	api, err := New(Config{
		BaseURL:    cfg.BaseURL,
		AccountSID: cfg.AccountSID,
		AuthToken:  cfg.AuthToken,
		Number:     cfg.Number,
		Kind:       domain.SMS,
		HTTPClient: cfg.HTTPClient,
	})
	if err != nil {
		for field, key := range faultFields(err) {
			f.Add(field, key)
		}
	}
	v.api = api
	if cfg.Hook != "" {
		if v.hook, err = url.Parse(cfg.Hook); err != nil || v.hook.Host == "" {
			f.Add("hook", "error.field.url")
		}
	}
	for _, number := range cfg.forwardNumbers() {
		if !strings.HasPrefix(number, "+") || parsePhone(number) == "" {
			f.Add("forward_to", "error.field.numbers")
		}
	}
	if l := domain.Language(cfg.Language); l != "" && !l.IsValid() {
		f.Add("language", "error.field.choice")
	}
	return v, f.Err()
}

// faultFields are the fields that an error of New names.
func faultFields(err error) map[string]string {
	if e, ok := err.(*domain.Error); ok {
		return e.Fields
	}
	return map[string]string{"base_url": "error.field.url"}
}

func (cfg VoiceConfig) forwardNumbers() (numbers []string) {
	for part := range strings.FieldsFuncSeq(cfg.ForwardTo, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		if number := strings.Map(dropSeparator, part); number != "" {
			numbers = append(numbers, number)
		}
	}
	return numbers
}

// dropSeparator drops what people write into numbers to read them.
func dropSeparator(r rune) rune {
	if strings.ContainsRune(" \u00a0\u202f\t\r().-/", r) {
		return -1
	}
	return r
}

// languages are those of countries whose callers would not expect English.
var languages = map[string]domain.Language{
	"+420": domain.Czech,
	"+421": domain.Czech,
	"+33":  domain.French,
	"+32":  domain.French,
	"+352": domain.French,
}

// customerLanguage is in which customers are spoken to.
func (v *Voice) customerLanguage() domain.Language {
	if v.cfg.Language != "" {
		return domain.Language(v.cfg.Language)
	}
	for prefix, l := range languages {
		if strings.HasPrefix(v.cfg.Number, prefix) {
			return l
		}
	}
	return domain.English
}

// Capabilities are those of a telephone: it carries calls and nothing that is written.
func (v *Voice) Capabilities() carrier.Capabilities {
	return carrier.Capabilities{Calls: v.hook != nil, CallsOnly: true}
}

// Verify checks the signature as for messages.
func (v *Voice) Verify(w carrier.Webhook) error { return v.api.Verify(w) }

// Send refuses everything: nothing can be written to a telephone call.
func (v *Voice) Send(context.Context, carrier.Outgoing) (carrier.Receipt, error) {
	return carrier.Receipt{}, carrier.NewRefusal("provider.unsupported")
}

// Test reads the account.
func (v *Voice) Test(ctx context.Context) (carrier.Account, error) { return v.api.Test(ctx) }

// Fetch downloads a recording, whose id is its name at the vendor. It can lag behind the news of it, so one that is not
// there yet is worth another try.
func (v *Voice) Fetch(ctx context.Context, vendorID string) (carrier.Media, error) {
	media, err := v.api.Fetch(
		ctx,
		v.api.accountURL(v.cfg.AccountSID, "Recordings", url.PathEscape(vendorID)+".mp3").String(),
	)
	if e := (*carrier.Error)(nil); err != nil {
		if e = carrier.AsError(err); e.Key == "provider.media_expired" {
			e.Class, e.RetryAfter = carrier.Temporary, recordingLag
		}
		return media, e
	}
	return media, nil
}

// recordingLag is how long a recording may take to appear.
const recordingLag = 10 * time.Second

// VoiceProduct says what it takes to connect a number of Twilio's for calls.
func VoiceProduct() carrier.Product {
	k := newProduct(products[domain.Voice], domain.Voice)
	// nobody can be asked for a call afterwards
	k.Fields = slices.DeleteFunc(k.Fields, func(f carrier.Field) bool { return f.Name == "receive" })
	k.Fields[0].Help = "provider.twilio.help.voice_number"
	k.Label = "provider.twilio.voice.label"
	k.Prerequisites = []string{
		"provider.twilio.before.account",
		"provider.twilio.before.voice",
		"provider.twilio.before.public",
	}
	k.Steps = []string{"provider.twilio.step.voice", "provider.twilio.step.voice_status", "provider.twilio.step.public"}
	base := k.Fields[len(k.Fields)-1]
	k.Fields = append(k.Fields[:len(k.Fields)-1:len(k.Fields)-1],
		carrier.Field{
			Name:  "forward_to",
			Label: "provider.twilio.field.forward_to",
			Help:  "provider.twilio.help.forward_to",
			Into:  "setting:forward_to",
		},
		carrier.Field{
			Name:   "voicemail",
			Label:  "provider.twilio.field.voicemail",
			Help:   "provider.twilio.help.voicemail",
			Switch: true,
			Into:   "setting:voicemail",
		},
		carrier.Field{
			Name:  "language",
			Label: "provider.twilio.field.language",
			Help:  "provider.twilio.help.language",
			Choices: []carrier.FieldChoice{
				{
					Value: "",
					Words: "provider.twilio.language.by_number",
				}, {
					Value: "cs",
					Words: "language.cs",
				}, {
					Value: "fr",
					Words: "language.fr",
				}, {
					Value: "en",
					Words: "language.en",
				},
			},
			Advanced: true,
			Into:     "setting:language",
		},
		base,
	)
	return k
}
