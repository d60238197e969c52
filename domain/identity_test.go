package domain_test

import (
	"slices"
	"testing"

	"github.com/nyaruka/phonenumbers"

	"pult/domain"
)

func TestPhoneSpellings_OneTelephoneHasAllOfItsNumbers(t *testing.T) {
	for _, c := range []struct{ name, today, before string }{
		{"Brazil, São Paulo", "+5511987654321", "+551187654321"},
		{"Brazil, Belo Horizonte", "+5531976543210", "+553176543210"},
		{"Mexico", "+525512345678", "+5215512345678"},
		{"Argentina, Buenos Aires", "+5491123456789", "+541123456789"},
		{"Argentina, Córdoba", "+5493512345678", "+543512345678"},
		{"Benin", "+2290197123456", "+22997123456"},
		{"Ivory Coast, Moov", "+2250101234567", "+22501234567"},
		{"Ivory Coast, MTN", "+2250545123456", "+22545123456"},
		{"Ivory Coast, Orange", "+2250707123456", "+22507123456"},
	} {
		for _, given := range []string{c.today, c.before} {
			if got := domain.PhoneSpellings(given); !slices.Equal(got, []string{c.today, c.before}) {
				t.Errorf("%s, %s: got %v, want %s and %s", c.name, given, got, c.today, c.before)
			}
		}
		if !domain.IsSamePhone(c.today, c.before) || !domain.IsSamePhone(c.before, c.today) {
			t.Errorf("%s: the spellings are two telephones", c.name)
		}
		n, err := phonenumbers.Parse(c.today, "")
		if err != nil || !phonenumbers.IsValidNumber(n) || phonenumbers.Format(n, phonenumbers.E164) != c.today {
			t.Errorf("%s: %s is not how libphonenumber dials it (%v)", c.name, c.today, err)
		}
	}
}

func TestPhoneSpellings_ForeignTelephonesStayApart(t *testing.T) {
	for _, number := range []string{
		"+551130654321",   // a fixed line in São Paulo: no ninth digit
		"+5511930654321",  // a mobile whose eight digits would be a fixed line's
		"+55119876543",    // too short
		"+5211234567890",  // no area of Mexico begins with 1
		"+54911234567890", // too long
		"+22920212345",    // would be a number of Benin, but for its length
		"+2252720123456",  // a fixed line in Abidjan
		"+2250708765432",  // looks alike, and its second digit tells another network
		"+420601234567", "+33612345678", "+447911123456", "not a number", "",
	} {
		want := []string{number}
		switch number {
		case "+22920212345":
			want = []string{"+2290120212345", number}
		case "+2250708765432":
			want = []string{number, "+22508765432"}
		}
		if got := domain.PhoneSpellings(number); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", number, got, want)
		}
	}
}

// A rule that is too wide would make one person of two somewhere in the world: outside of the countries above, every
// sample number of libphonenumber has only itself; within them, what is dialled today is valid.
func TestPhoneSpellings_NoOtherCountryIsTouched(t *testing.T) {
	several := map[string]bool{"BR": true, "MX": true, "AR": true, "BJ": true, "CI": true}
	for region := range phonenumbers.GetSupportedRegions() {
		for _, kind := range []phonenumbers.PhoneNumberType{phonenumbers.MOBILE, phonenumbers.FIXED_LINE} {
			sample := phonenumbers.GetExampleNumberForType(region, kind)
			if sample == nil {
				continue
			}
			number := phonenumbers.Format(sample, phonenumbers.E164)
			if got := domain.PhoneSpellings(number); len(got) > 1 && !several[region] {
				t.Errorf("%s: %s has the spellings %v", region, number, got)
			}
			if got := domain.NormalPhone(number); got != number {
				t.Errorf("%s: %s would be dialled as %s", region, number, got)
			}
		}
	}
}

func TestPhones_AContactShowsEachTelephoneOnce(t *testing.T) {
	phone := func(value string) domain.Identity {
		return domain.Identity{Kind: domain.PhoneIdentity, Value: value}
	}
	for _, c := range []struct{ known, want []string }{
		{[]string{"+551187654321"}, []string{"+5511987654321"}},
		{[]string{"+5215512345678", "+525512345678"}, []string{"+525512345678"}},
		{[]string{"+541123456789"}, []string{"+541123456789"}}, // it may be a fixed line
		{[]string{"+541123456789", "+5491123456789"}, []string{"+5491123456789"}},
		{[]string{"+5491123456789", "+541123456789"}, []string{"+5491123456789"}},
		{[]string{"+551187654321", "+420601234567", "+5511987654321"}, []string{"+5511987654321", "+420601234567"}},
	} {
		var contact domain.Contact
		for _, value := range c.known {
			contact.Identities = append(contact.Identities, phone(value))
		}
		if got := contact.Phones(); !slices.Equal(got, c.want) || contact.Phone() != c.want[0] {
			t.Errorf("%v: got %v and %s, want %v", c.known, got, contact.Phone(), c.want)
		}
		for _, value := range c.known {
			if got := contact.ShownPhone(value); !slices.Contains(c.want, got) || !contact.HasPhone(value) {
				t.Errorf("%v: %s is shown as %s", c.known, value, got)
			}
		}
	}
}
