package providers_test

import (
	"encoding/json"
	"testing"
	"time"

	"pult/providers"
)

func TestWireText_TakesWhateverVendorsWrite(t *testing.T) {
	for in, want := range map[string]providers.WireText{
		`"a\u00e9"`: "aé", `12345678901234567`: "12345678901234567", `true`: "true", `null`: "", `{"a":1}`: "", `[1]`: "",
	} {
		var got struct {
			Field providers.WireText `json:"field"`
		}
		if err := json.Unmarshal([]byte(`{"field":`+in+`}`), &got); err != nil || got.Field != want {
			t.Errorf("%s: got %q, %v, want %q", in, got.Field, err, want)
		}
	}
}

func TestWireNumber_TakesNumbersAndStrings(t *testing.T) {
	for in, want := range map[string]providers.WireNumber{`1.5`: 1.5, `"1.5"`: 1.5, `"much"`: 0, `null`: 0, `{}`: 0} {
		var got providers.WireNumber
		if err := json.Unmarshal([]byte(in), &got); err != nil || got != want {
			t.Errorf("%s: got %v, %v, want %v", in, got, err, want)
		}
	}
}

func TestMoment_SecondsOrMilliseconds(t *testing.T) {
	at := time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)
	for in, want := range map[providers.WireText]time.Time{
		"1785585600": at, "1785585600000": at, "": {}, "0": {}, "-5": {}, "soon": {}, "253402300799": time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
		"253402300800": {}, "253402300800000": {},
	} {
		if got := in.Moment(); !got.Equal(want) {
			t.Errorf("%q: got %v, want %v", in, got, want)
		}
	}
}

func TestReadWire_KeepsWhatFits(t *testing.T) {
	var got struct {
		Flag bool   `json:"flag"`
		Name string `json:"name"`
	}
	if err := providers.ReadWire([]byte(`{"flag":"perhaps","name":"Žofie"}`), &got); err != nil || got.Name != "Žofie" {
		t.Errorf("got %+v, %v, want the name and no error", got, err)
	}
	if err := providers.ReadWire([]byte(`{"name":`), &got); err == nil {
		t.Error("got no error for half an object")
	}
}

func TestWireSummary_IsSortedAndPlain(t *testing.T) {
	got := providers.WireSummary(map[string]json.RawMessage{"b": []byte(`2`), "a": []byte(`"x"`), "c": []byte(`{"d":1}`)})
	if want := "a=x b=2"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestStatusClass_SaysWhetherItMayHaveLeft(t *testing.T) {
	for _, c := range []struct {
		status int
		sends  bool
		want   providers.Class
	}{
		{429, true, providers.RateLimited},
		{502, true, providers.Uncertain}, {502, false, providers.Temporary},
		{408, true, providers.Uncertain}, {408, false, providers.Temporary},
		{401, true, providers.Unauthorised}, {403, false, providers.Unauthorised},
		{404, true, providers.Permanent}, {302, false, providers.Permanent},
	} {
		if got := providers.StatusClass(c.status, c.sends); got != c.want {
			t.Errorf("%d, sends %t: got %s, want %s", c.status, c.sends, got, c.want)
		}
	}
}
