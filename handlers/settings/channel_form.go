package settings

import (
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/auth"
	"pult/domain/carrier"
	"pult/domain/desk/channels"
	"pult/handlers/web"
	"pult/views"
)

// channelForm is a channel's form between the request and the page.
type channelForm struct {
	product    carrier.Product
	products   []carrier.Product // those to choose from
	stored     channels.Settings // of an existing channel
	colleagues []domain.Operator
	form       channels.Form
	typed      map[string]string // every value that came, also those of another product's fields
	preset     string            // name of the company that was chosen to fill the form in; "" = by the address
	secure     bool              // the desk is served over TLS
	err        error             // why it was refused
}

// channelValuePrefix keeps the names of a product's fields apart from those of the form itself.
const channelValuePrefix = "f_"

// readForm takes the form from the request.
func (b *channelForm) readForm(c echo.Context) error {
	sent, err := c.FormParams()
	if err != nil {
		return domain.Refuse(domain.Invalid, "error.bad_request").Because(err)
	}
	b.form.Name, b.form.Values, b.typed = sent.Get("name"), map[string]string{}, map[string]string{}
	for name := range sent {
		if field, ok := strings.CutPrefix(name, channelValuePrefix); ok {
			b.typed[field] = strings.TrimSpace(sent.Get(name))
		}
	}
	b.preset = sent.Get("preset")
	for _, f := range b.product.Fields {
		b.form.Values[f.Name] = b.typed[f.Name]
		if f.Number {
			b.form.Values[f.Name] = web.ReadPhone(c, b.typed[f.Name])
		}
	}
	b.product.FillFromPreset(b.form.Values, b.preset)
	b.form.Operators, b.form.Ticked, b.form.Once = nil, sent["tick"], web.ParseID(sent.Get(web.OnceField))
	for _, text := range sent["operator"] {
		id, err := domain.ParseID(text)
		if err != nil {
			return domain.Refuse(domain.Invalid, "error.bad_request").Because(err)
		}
		b.form.Operators = append(b.form.Operators, id)
	}
	return nil
}

// generateTexts makes the texts that this desk makes and that are not there yet, and the one that is wanted anew. A text
// that is shown only once is there when it is stored.
func (b *channelForm) generateTexts(wanted string) {
	for _, f := range b.product.Fields {
		_, stored := b.stored.Tails[f.Name]
		if f.Generate && (f.Name == wanted || b.form.Values[f.Name] == "" && !stored) {
			b.form.Values[f.Name] = auth.RandomText()
		}
	}
}

// fillView fills in the form as a page shows it.
func (b *channelForm) fillView(c echo.Context) views.ChannelForm {
	v := views.ChannelForm{
		ID:       b.stored.Channel.ID,
		Once:     b.form.Once,
		Kind:     b.product.Kind,
		Driver:   b.product.Driver,
		Provider: nameProvider(c, b.product),
		Name:     b.form.Name,
		Guide:    b.product.Guide,
		Own:      b.product.IsOwn(),
		Kept:     b.keepTyped(),
		Errors:   web.FieldFaults(c, b.err),
	}
	if v.Kind == "" {
		v.Kind = b.stored.Channel.Kind
	}
	for _, k := range b.products {
		v.Drivers = append(v.Drivers, views.Choice{
			Value:  k.Driver,
			Words:  nameProvider(c, k),
			Chosen: k.Driver == b.product.Driver,
		})
	}
	for _, key := range b.product.Prerequisites {
		v.Prerequisites = append(v.Prerequisites, views.Choice{
			Value:  key,
			Words:  web.Words(c).T(key),
			Chosen: slices.Contains(b.form.Ticked, key),
		})
	}
	for _, f := range b.product.Fields {
		if !f.IsSecond() || v.New() {
			v.Fields = append(v.Fields, b.showField(c, f))
		}
	}
	v.Presets, v.PresetBy = b.showPresets(c), b.product.PresetBy
	v.Login = showLoginOffer(c, b.product, b.secure)
	for _, o := range b.colleagues {
		if chosen := slices.Contains(b.form.Operators, o.ID); o.Active || chosen {
			v.Operators = append(v.Operators, views.Choice{Value: o.ID.String(), Words: o.Name, Chosen: chosen})
		}
	}
	b.addFaults(c, &v)
	return v
}

// addFaults adds why the form was refused: at the fields, and what belongs to none of them above the form.
func (b *channelForm) addFaults(c echo.Context, v *views.ChannelForm) {
	if b.err == nil {
		return
	}
	label := map[string]string{
		"name":      web.Words(c).T("channels.name"),
		"driver":    web.Words(c).T("channels.provider"),
		"operators": web.Words(c).T("channels.operators"),
	}
	order := []string{"driver", "name"}
	for _, f := range v.Fields {
		label[f.Name], order = f.Label, append(order, f.Name)
	}
	for _, name := range append(order, "operators") {
		if text := v.Errors[name]; text != "" {
			v.Faults = append(v.Faults, views.ChannelFault{Field: name, Label: label[name], Text: text})
		}
	}
	if e := asRefusal(b.err); e != nil && len(v.Errors) == 0 {
		args := make([]any, 0, 2*len(e.Args))
		for name, value := range e.Args {
			args = append(args, name, value)
		}
		v.Failure = web.Words(c).T(e.Key, args...)
	}
}

// showField shows one input. A credential that was typed or stored is not written into it: what is in a page is in
// caches and on screens.
func (b *channelForm) showField(c echo.Context, f carrier.Field) views.ChannelField {
	v := views.ChannelField{
		Name:     f.Name,
		Label:    web.Words(c).T(f.Label),
		Type:     chooseInputType(f),
		Value:    b.form.Values[f.Name],
		Error:    web.FieldFaults(c, b.err)[f.Name],
		Required: f.Required,
		Filled:   b.product.Login != nil && slices.Contains(b.product.Login.FilledFields(), f.Name),
		Generate: f.Generate,
		Advanced: f.Advanced,
		Second:   f.IsSecond(),
	}
	if f.Help != "" {
		v.Help = web.Words(c).T(f.Help)
	}
	for _, choice := range f.Choices {
		v.Choices = append(v.Choices, views.Choice{
			Value:  choice.Value,
			Words:  web.Words(c).T(choice.Words),
			Chosen: choice.Value == v.Value,
		})
	}
	if f.IsUnusual(v.Value) {
		v.Warning = web.Words(c).T("channels.unusual", "digits", f.Digits)
	}
	if f.IsHidden() {
		if !f.Generate { // one that was made now has to be copied
			v.Value = ""
		}
		v.Tail, v.Stored = b.stored.Tails[f.Name]
	}
	return v
}

func chooseInputType(f carrier.Field) string {
	switch {
	case f.Secret && !f.Generate:
		return "password"
	case f.Number:
		return "tel"
	case f.Address:
		return "url"
	case f.Switch:
		return "switch"
	case len(f.Choices) > 0:
		return "select"
	}
	return "text"
}

// keepTyped lists typed values of other products' fields, credentials excepted, so that they come back with the form.
func (b *channelForm) keepTyped() []views.Choice {
	var out []views.Choice
	for _, k := range b.products {
		for _, f := range k.Fields {
			_, shown := b.form.Values[f.Name]
			value := b.typed[f.Name]
			if shown || value == "" || f.Secret && !f.Generate ||
				slices.ContainsFunc(out, func(o views.Choice) bool { return o.Value == channelValuePrefix+f.Name }) {
				continue
			}
			out = append(out, views.Choice{Value: channelValuePrefix + f.Name, Words: value})
		}
	}
	return out
}
