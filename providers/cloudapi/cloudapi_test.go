package cloudapi_test

import (
	"encoding/json"
	"errors"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/cloudapi"
)

const listed = `{"id":17,"name":"order","language":"en-US","status":"approved","category":"UTILITY","components":[
	{"type":"HEADER","format":"IMAGE"},
	{"type":"body","text":"{{2}} for {{1}}","example":{"body_text":[["Žofie","a bike"]]}},
	{"type":"BUTTONS","buttons":[{"type":"URL","text":"Track","url":"https://shop.example/{{1}}"},{"type":"HOLOGRAM","text":"See"}]}]}`

func newTemplate(t *testing.T) domain.MessageTemplate {
	t.Helper()
	var w cloudapi.Template
	if err := json.Unmarshal([]byte(listed), &w); err != nil {
		t.Fatal(err)
	}
	return w.ToTemplate()
}

func TestTranslated_WordsInAnyCase(t *testing.T) {
	got := newTemplate(t)
	if got.VendorID != "17" || got.Language != "en-US" || got.Category != "utility" || got.Status != domain.TemplateApproved ||
		got.HeaderKind != "image" {
		t.Errorf("got %+v, want the parts of the list in the desk's words", got)
	}
	if len(got.Buttons) != 2 || got.Buttons[0].Kind != "url" || got.Buttons[1].Kind != "other" {
		t.Errorf("got buttons %+v, want an address and another", got.Buttons)
	}
	if got.Examples["body:1"] != "Žofie" || got.Examples["body:2"] != "a bike" {
		t.Errorf("got examples %v, want those of the body by position", got.Examples)
	}
}

func TestComponents_PositionsCountByNumber(t *testing.T) {
	use := carrier.OutgoingTemplate{Template: newTemplate(t), Values: map[string]string{}, Media: &carrier.OutgoingMedia{Name: "a.png"}}
	for _, s := range use.Template.Slots() {
		use.Values[s.Key] = "value " + s.Key
	}
	got, err := cloudapi.NewComponents(use, func(*carrier.OutgoingMedia) (cloudapi.File, error) { return cloudapi.File{ID: "F1"}, nil })
	raw, _ := json.Marshal(got)
	want := `[{"type":"header","parameters":[{"type":"image","image":{"id":"F1"}}]},` +
		`{"type":"body","parameters":[{"type":"text","text":"value body:1"},{"type":"text","text":"value body:2"}]},` +
		`{"type":"button","sub_type":"url","index":"0","parameters":[{"type":"text","text":"value button:0:1"}]}]`
	if err != nil || string(raw) != want {
		t.Errorf("got %s, %v, want %s", raw, err, want)
	}
}

func TestComponents_NothingMissing(t *testing.T) {
	placeFile := func(*carrier.OutgoingMedia) (cloudapi.File, error) { return cloudapi.File{ID: "F1"}, nil }
	for name, c := range map[string]struct {
		media *carrier.OutgoingMedia
		want  string
	}{
		"no file":  {nil, "provider.whatsapp.132012"},
		"no value": {&carrier.OutgoingMedia{}, "provider.whatsapp.132000"},
	} {
		_, err := cloudapi.NewComponents(carrier.OutgoingTemplate{Template: newTemplate(t), Media: c.media}, placeFile)
		var e *carrier.Error
		if !errors.As(err, &e) || e.Class != carrier.InvalidValue || e.Key != c.want {
			t.Errorf("%s: got %v, want Invalid with %s", name, err, c.want)
		}
	}
}

func TestFilesOf_RefusesBeforeAnythingIsHandedOver(t *testing.T) {
	placeFile := func(*carrier.OutgoingMedia) (cloudapi.File, error) {
		t.Error("got a file handed over")
		return cloudapi.File{}, nil
	}
	for want, m := range map[string]carrier.Outgoing{
		"provider.caption":     {Kind: domain.KindSticker, Text: "words", Media: &carrier.OutgoingMedia{}},
		"provider.unsupported": {Kind: domain.KindImage},
	} {
		_, _, err := cloudapi.NewFiles(m, placeFile)
		var e *carrier.Error
		if !errors.As(err, &e) || e.Key != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestReceivedOf_VoiceNotesAreTold(t *testing.T) {
	var r cloudapi.ReceivedFiles
	if err := json.Unmarshal([]byte(`{"audio":{"id":"A","voice":true},"sticker":{"id":"S"}}`), &r); err != nil {
		t.Fatal(err)
	}
	for messageType, want := range map[string]domain.MessageKind{"audio": domain.KindVoice, "sticker": domain.KindSticker, "hologram": ""} {
		if kind, f := r.ForType(messageType); kind != want || (f != nil) != (want != "") {
			t.Errorf("%s: got %q, %v, want %q", messageType, kind, f, want)
		}
	}
}
