package talks

import (
	"time"

	"pult/domain"
)

// onShopPage are the conversations on the shop's page.
var onShopPage = []Talk{
	{
		Channel: WebChat,
		With:    pageVisitor("Ivana", domain.Czech, "Městská kola", "/kola"),
		Ago:     3 * time.Minute,
		Lines: []Line{
			theySay("Dobrý den, máte to městské kolo s košíkem i v menším rámu?"),
			weSay(Martin, "Dobrý den, máme, rám 17 palců je skladem v zelené a krémové."),
			theySay("A dá se v sobotu vyzkoušet?").after(2 * time.Minute),
		},
	},
	{
		Channel:  WebChat,
		With:     pageVisitor("Mathilde", domain.French, "Vélos cargos", "/velos"),
		Ago:      5 * time.Hour,
		Assignee: Laure,
		Lines: []Line{
			theySay("Bonjour, le vélo cargo est-il livré monté ?"),
			weSay(Laure, "Bonjour, oui, monté et réglé, prêt à rouler."),
			theySay("Parfait, je commande. Merci !"),
			weSay(Laure, "Merci à vous, bonne journée !"),
		},
	},
}
