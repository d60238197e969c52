package views

import (
	"fmt"
	"slices"

	"pult/domain"
	"pult/i18n"
)

// Field is one labelled input of a form.
type Field struct {
	Name         string // of the input; its id is made from it
	Label        string // in the reader's language
	Type         string // of the input: text, email, password
	Value        string
	Error        string // in the reader's language; "" = no fault
	Hint         string // in the reader's language; "" = none
	Autocomplete string // for password managers; "" = off
	Required     bool
	Max          int // characters; 0 = no limit in the browser
}

// Choice is one entry of a select.
type Choice struct {
	Value  string
	Words  string // in the reader's language
	Chosen bool
}

// Select is a labelled choice of one.
type Select struct {
	Name    string
	Label   string // in the reader's language
	Error   string
	Choices []Choice
}

// forms are the template functions that put a field together, so that a form in HTML is one line per field.
type forms struct{ l *i18n.Localizer }

// makeField makes a Field from its name, the key of its label, the type of the input, the value and the form's faults.
// options are names and values in turn: hint (a key), autocomplete, max.
func (f forms) makeField(
	name, label, inputType, value string,
	faults map[string]string,
	options ...any,
) (Field, error) {
	out := Field{
		Name:         name,
		Label:        f.l.T(label),
		Type:         inputType,
		Value:        value,
		Error:        faults[name],
		Autocomplete: "off",
		Required:     true,
		Max:          maxInput,
	}
	for i := 0; i+1 < len(options); i += 2 {
		switch options[i] {
		case "hint":
			out.Hint = f.l.T(fmt.Sprint(options[i+1]))
		case "autocomplete":
			out.Autocomplete = fmt.Sprint(options[i+1])
		case "required":
			out.Required = options[i+1] == true
		default:
			return out, fmt.Errorf("field %s: there is no option %v", name, options[i])
		}
	}
	return out, nil
}

// maxInput stops an input before the server would refuse it; the real limits are rules of domain.
const maxInput = 254

// selectLanguage is the choice of a language of the interface, each named in itself.
func (f forms) selectLanguage(chosen domain.Language, faults map[string]string) Select {
	s := Select{Name: "language", Label: f.l.T("people.language"), Error: faults["language"]}
	for _, l := range domain.Languages {
		s.Choices = append(s.Choices, Choice{
			Value:  string(l),
			Words:  i18n.OwnName(string(l)),
			Chosen: l == chosen,
		})
	}
	return s
}

// selectRole is the choice of a role, the narrowest first, because it is the one to start with.
func (f forms) selectRole(chosen domain.Role, faults map[string]string) Select {
	s := Select{Name: "role", Label: f.l.T("people.role"), Error: faults["role"]}
	for _, r := range slices.Backward(domain.Roles) {
		s.Choices = append(s.Choices, Choice{Value: string(r), Words: f.l.T("role." + string(r)), Chosen: r == chosen})
	}
	return s
}
