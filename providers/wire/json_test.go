package wire_test

import (
	"encoding/json"
	"testing"
	"time"

	"pult/domain/carrier"
	"pult/providers/wire"
)

func TestText_TakesWhateverVendorsWrite(t *testing.T) {
	for in, want := range map[string]wire.Text{
		`"a\u00e9"`: "aé", `12345678901234567`: "12345678901234567", `true`: "true", `null`: "", `{"a":1}`: "", `[1]`: "",
	} {
		var got struct {
			Field wire.Text `json:"field"`
		}
		if err := json.Unmarshal([]byte(`{"field":`+in+`}`), &got); err != nil || got.Field != want {
			t.Errorf("%s: got %q, %v, want %q", in, got.Field, err, want)
		}
	}
}

func TestNumber_TakesNumbersAndStrings(t *testing.T) {
	for in, want := range map[string]wire.Number{`1.5`: 1.5, `"1.5"`: 1.5, `"much"`: 0, `null`: 0, `{}`: 0} {
		var got wire.Number
		if err := json.Unmarshal([]byte(in), &got); err != nil || got != want {
			t.Errorf("%s: got %v, %v, want %v", in, got, err, want)
		}
	}
}

func TestMoment_SecondsOrMilliseconds(t *testing.T) {
	at := time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)
	for in, want := range map[wire.Text]time.Time{
		"1785585600":      at,
		"1785585600000":   at,
		"":                {},
		"0":               {},
		"-5":              {},
		"soon":            {},
		"253402300799":    time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
		"253402300800":    {},
		"253402300800000": {},
	} {
		if got := in.Time(); !got.Equal(want) {
			t.Errorf("%q: got %v, want %v", in, got, want)
		}
	}
}

func TestRead_KeepsWhatFits(t *testing.T) {
	var got struct {
		Flag bool   `json:"flag"`
		Name string `json:"name"`
	}
	if err := wire.DecodeJSON([]byte(`{"flag":"perhaps","name":"Žofie"}`), &got); err != nil || got.Name != "Žofie" {
		t.Errorf("got %+v, %v, want the name and no error", got, err)
	}
	if err := wire.DecodeJSON([]byte(`{"name":`), &got); err == nil {
		t.Error("got no error for half an object")
	}
}

func TestWireSummary_IsSortedAndPlain(t *testing.T) {
	got := wire.Summary(map[string]json.RawMessage{"b": []byte(`2`), "a": []byte(`"x"`), "c": []byte(`{"d":1}`)})
	if want := "a=x b=2"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestStatusClass_SaysWhetherItMayHaveLeft(t *testing.T) {
	for _, c := range []struct {
		status int
		sends  bool
		want   carrier.Class
	}{
		{429, true, carrier.RateLimited},
		{502, true, carrier.Uncertain}, {502, false, carrier.Temporary},
		{408, true, carrier.Uncertain}, {408, false, carrier.Temporary},
		{401, true, carrier.Unauthorised}, {403, false, carrier.Unauthorised},
		{404, true, carrier.Permanent}, {302, false, carrier.Permanent},
	} {
		if got := wire.StatusClass(c.status, c.sends); got != c.want {
			t.Errorf("%d, sends %t: got %s, want %s", c.status, c.sends, got, c.want)
		}
	}
}

func TestCount_AbsurdNumbersAreNone(t *testing.T) {
	for n, want := range map[wire.Number]int{0: 0, 3: 3, 2.9: 2, 1e9: 1e9, 1e9 + 1: 0, -1: 0, 1e300: 0} {
		if got := n.Count(); got != want {
			t.Errorf("%v: got %d, want %d", n, got, want)
		}
	}
}

func TestMeaning_SentenceOfItsOwnOrOfItsClass(t *testing.T) {
	if got := (wire.Meaning{Class: carrier.Unreachable}).Sentence(); got != carrier.Unreachable.Sentence() {
		t.Errorf("got %q, want the sentence of the class", got)
	}
	if got := (wire.Meaning{Class: carrier.Unreachable, Key: "provider.own"}).Sentence(); got != "provider.own" {
		t.Errorf("got %q, want its own", got)
	}
}
