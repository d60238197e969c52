package cloudapi_test

import (
	"encoding/json"
	"strings"
	"testing"

	"pult/domain"
	"pult/providers/simulator/cloudapi"
	"pult/providers/simulator/world"
)

func encode(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestWritePayload_EveryKindHasItsPart(t *testing.T) {
	file := &world.File{ID: "77", Name: "a.pdf", MIME: "audio/ogg", Data: []byte("x")}
	for name, c := range map[string]struct {
		message world.Message
		want    string
	}{
		"text":     {world.Message{Kind: domain.KindText, Text: "hi"}, `"text":{"body":"hi"}`},
		"quote":    {world.Message{Kind: domain.KindText, ReplyTo: "q"}, `"context":{"from":"420","id":"q"}`},
		"voice":    {world.Message{Kind: domain.KindVoice, File: file}, `"mime_type":"audio/ogg; codecs=opus"`},
		"document": {world.Message{Kind: domain.KindDocument, File: file}, `"filename":"a.pdf"`},
		"caption":  {world.Message{Kind: domain.KindImage, File: file, Text: "look"}, `"caption":"look"`},
		"place": {world.Message{Kind: domain.KindLocation, Location: &domain.Location{Name: "Square"}},
			`"location":{"address":"","latitude":0,"longitude":0,"name":"Square"}`},
		"card": {world.Message{Kind: domain.KindContacts, Cards: []domain.ContactCard{{Name: "Eva", Phones: []string{"+1"}}}},
			`"formatted_name":"Eva"`},
		"reaction":   {world.Message{Kind: domain.KindReaction, Target: "m", Emoji: "👍"}, `"emoji":"👍"`},
		"choice":     {world.Message{Kind: domain.KindChoice, Text: "Yes", Choice: "y"}, `"button_reply":{"id":"y","title":"Yes"}`},
		"no such":    {world.Message{Kind: "hologram"}, `"type":"unsupported"`},
		"no file":    {world.Message{Kind: domain.KindImage}, `"image":{}`},
		"taken back": {world.Message{Kind: domain.KindReaction, Target: "m"}, `"reaction":{"message_id":"m"}`},
	} {
		item := map[string]any{}
		cloudapi.WritePayload(item, &c.message, "420")
		if got := encode(t, item); !strings.Contains(got, c.want) {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

func TestWriteTemplate_ExamplesHaveTheVendorsShapes(t *testing.T) {
	shapes := map[string]string{
		"delivery_on_the_way": `"example":{"header_text":["P-2041"]}`,
		"payment_received":    `"body_text":[["Jane","€ 49.00"]]`,
		"visit_reminder":      `"parameter_format":"NAMED"`,
		"bike_ready":          `"format":"IMAGE"`,
		"spring_voucher":      `"type":"COPY_CODE"`,
		"payment_overdue":     `"status":"REJECTED"`,
	}
	for _, s := range cloudapi.SampleTemplates() {
		if got := encode(t, cloudapi.WriteTemplate(s)); !strings.Contains(got, shapes[s.Name]) {
			t.Errorf("%s %s: got %s, want %s", s.Name, s.Language, got, shapes[s.Name])
		}
	}
}

func TestFiles_AreWhatWhatsAppTakes(t *testing.T) {
	for mimeType, kind := range map[string]string{
		"image/png": "image", "image/webp": "sticker", "audio/ogg": "audio", "application/pdf": "document", "image/gif": "",
	} {
		if got := cloudapi.KindOf(mimeType); got != kind || kind != "" && !cloudapi.AcceptsType(kind, mimeType) {
			t.Errorf("%s: got %q, want %q", mimeType, got, kind)
		}
	}
	if !cloudapi.AcceptsSize("image", 5<<20) || cloudapi.AcceptsSize("image", 5<<20+1) {
		t.Error("a picture may have exactly five megabytes")
	}
}

func TestFailures_HaveStatusAndTitle(t *testing.T) {
	if cloudapi.StatusOf(190) != 401 || cloudapi.TitleOf(131047) != "Re-engagement message" {
		t.Error("a known code is not known")
	}
	if cloudapi.StatusOf(7) != 400 || cloudapi.TitleOf(7) != "Error 7" {
		t.Error("an unknown code has no words")
	}
}
