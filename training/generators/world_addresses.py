"""Addresses of America, Africa, Oceania and the Gulf: the table of shapes, streets and cities.

What a line and a mark mean stands in countries.py.
"""

from training.generators.countries import read_table

WORLD = read_table(r"""
CA Canada
h $b $s ; $f$b $s ; $u0%-$b $s ; $b $s, Apt $u ; $u-$n $s ; $b $s, Unit $u0% ; %##% Concession Rd %, RR% ; $b, $s, app. $u ; $o Floor, $b $s
t $h, $c $p ; $h, $c, $p ; $h, $c  $p
s King St W ; Queen Street East ; Bloor St ; Jasper Ave ; Portage Avenue ; Main St ; $r Cres ; $r Rd NW ; rue $r ; boul. Saint-$r ; chemin du Lac ; %#% Avenue SW ; Lakeshore Rd ; Old $r Line ; rue Sherbrooke O
c Toronto, ON ; Vancouver, BC ; Montréal, QC ; Calgary, AB ; Ottawa, ON ; Halifax, NS ; Winnipeg, MB ; Saskatoon SK ; Moncton NB ; Québec (Québec) ; Guelph, Ontario ; St. John's, NL
p <[ABCEGHJ-NPRSTVXY]#[ABCEGHJ-NPRSTV-Z] #[A-Z]#|[ABCEGHJ-NPRSTVXY]#[ABCEGHJ-NPRSTV-Z]#[A-Z]#>

AU Australia
h $n $s ; $u/$n $s ; Unit $u/$n $s ; Unit $u, $n $s ; U$u $n-%# $s ; $f$n $s ; Lot $n $s ; Level %, $n $s ; Shop %, $n $s ; Villa $u/$n $s
t $h, $c $p ; $h, $c $p ; $h $c $p ; $h, $c, $p
s George Street ; Collins St ; Beach Road ; Wattle Grove ; Kangaroo Creek Rd ; Flinders Lane ; Smith St ; Banksia Crescent ; $r Pde ; $r St ; $r Tce ; Old Coach Rd ; Lorikeet Cct ; $r Hwy ; The Esplanade
c Sydney NSW ; Melbourne VIC ; Brisbane QLD ; Perth WA ; Adelaide SA ; Newtown NSW ; Fitzroy VIC ; Hobart TAS ; Wagga Wagga NSW ; Geelong Vic ; Darwin NT
p <2|3|4|5|6>#{3}

NZ New Zealand
h $n $s ; $n$l $s ; $u/$n $s ; Flat $u, $n $s ; $f$n $s ; RD %, $n $s
t $h, $e, $c $p ; $h, $c $p ; $h, $e $p
b $h, $c ; $h, $e, $c ; $h, $e
s Queen Street ; Lambton Quay ; Manukau Rd ; Riccarton Road ; $r Rd ; Tui Place ; Kauri Glen ; Te $r Drive ; Rata Tce
e Ponsonby ; Karori ; Mt Eden ; Papanui ; Te Aro ; Takapuna ; Māngere
c Auckland ; Wellington ; Christchurch ; Dunedin ; Whangārei ; Tauranga
p [0-9]#{3}

ZA South Africa
h $n $s ; $f$n $s ; Unit $u, $r Mews, $n $s ; $n $s, $e ; Erf %##, $s ; No $n $s, $e ; $u $r Court, $s
t $h, $c, $p ; $h, $e, $c, $p ; $h $c $p
s Long Street ; Jan Smuts Avenue ; Voortrekker Rd ; Kloof St ; $r Street ; $r Ave ; Protea Road ; $o Avenue ; Kerkstraat
e Sandton ; Observatory ; Umhlanga ; Soweto ; Melville ; Claremont ; Hatfield
c Cape Town ; Johannesburg ; Durban ; Pretoria ; Gqeberha
p [0-9]#{3}

NG Nigeria
h $n $s ; No. $n $s ; No $n, $s ; Plot $n, $s ; Block % Flat %, $r Estate, $s ; House $u, $o Avenue, $r Estate ; $f$n $s ; $n, $s, off $r Road ; Km $u $r Expressway
s Awolowo Road ; Allen Avenue ; $r Street ; Chief $r Close ; Alhaji $r Way ; $r Crescent ; Market Road ; Admiralty Way ; Bishop $r St
e Ikeja ; Lekki Phase 1 ; Surulere ; Wuse 2 ; Yaba ; Garki ; Magodo
c Lagos ; Abuja ; Ibadan ; Port Harcourt ; Enugu ; Kano ; Lagos State
b $h, $c ; $h, $e, $c ; $h, $e ; $h $e $c

KE Kenya
h $n $s ; $r House, $s ; $r Court, House No. $u, $s ; $r Apartments, Block % Door %, $s ; Plot %##, $s ; $o Floor, $r Plaza, $s ; Hse no. $u, $r Estate
s Ngong Road ; Moi Avenue ; Kenyatta Avenue ; Waiyaki Way ; $r Lane ; $r Rd ; Kiambu Road
e Kilimani ; Westlands ; South B ; Nyali ; Kileleshwa ; Rongai
c Nairobi ; Mombasa ; Kisumu ; Nakuru ; Eldoret
b $h, $c ; $h, $e, $c ; $h, $e

GH Ghana
h $n $s ; House No. $l%##/%, $s ; Hse No. %# $s ; $s, G[A-Z]-#{3}-#{4} ; H/No $u $s, $e
s Oxford Street ; $r Close ; Liberation Road ; Osu Avenue ; Boundary Rd ; $r St
e East Legon ; Osu ; Adenta ; Tema Comm. 9
c Accra ; Kumasi ; Takoradi ; Tema
b $h, $c ; $h, $e, $c

UG Uganda
h Plot $n $s ; Plot $n, $s, $e ; $r House, Plot $u, $s
s Kampala Road ; Jinja Rd ; Acacia Avenue ; $r Road
e Ntinda ; Kololo ; Bukoto
c Kampala ; Entebbe ; Jinja
b $h, $c ; $h, $e, $c

ET Ethiopia
h House No. %##, Woreda %, $s ; Kebele 0%, H.No. %##, $s ; $s, $r Building $o floor
s Bole Road ; Churchill Avenue ; $r St ; Piassa
c Addis Ababa ; Adama ; Hawassa
b $h, $c

EG Egypt
h $n $s ; $n $s, Apt $u ; $n $s, $o floor, flat $u ; Bldg $n, $s ; Villa $n, $s, $e ; $n شارع النصر ; شقة $u، $n شارع التحرير ; $n$l $s
t $h, $e, $c $p ; $h, $c $p
b $h, $c ; $h, $e, $c ; $h, $e
s El Tahrir St. ; Mohamed $r Street ; El Nasr Road ; $r St. ; Abbas El Akkad ; Gamal $r St ; El Horreya Ave
e Dokki ; Nasr City ; Maadi ; Heliopolis ; Zamalek ; 6th of October ; New Cairo
c Cairo ; Giza ; Alexandria ; Mansoura
p [0-9]#{4}

MA Morocco
h $n, $s ; $n $s, appt $u ; $s, imm. $u, appt % ; Lot. $r, n° $n ; Résidence $r, imm. [A-D], appt $u ; Hay $r, rue %, n° $n
s rue Ibn $r ; Avenue Mohammed V ; bd Zerktouni ; Avenue Hassan II ; rue $r ; Derb $r
c Casablanca ; Rabat ; Marrakech ; Fès ; Tanger
t $h, $p $c ; $h, $c $p ; $h $p $c
p [1-9]0#{3}

TN Tunisia
h $n, $s ; $n $s ; $n $s, app. $u ; Cité $r, $s n° $n
s rue de Marseille ; avenue Habib Bourguiba ; rue Ibn $r ; rue $r
c Tunis ; Sfax ; Sousse ; La Marsa
t $h, $p $c ; $h - $p $c
p [1-9]0##

AE United Arab Emirates
h Apt %##, $r Tower, $s ; Villa $n, $s ; Villa $u, Street %#, $e ; Flat %0%, Al $r Building, $s ; Office %##, $r Business Centre, $s ; $e, Street %#$l, Villa $u ; Unit %##, $r Residences, $e ; $o floor, $r Tower, $s
s Al Wasl Road ; Al $r St ; Jumeirah Beach Road ; Corniche St ; Al Khaleej Rd ; Sheikh $r Rd ; Hamdan Street
e Al Barsha 1 ; Jumeirah 3 ; Al Reem Island ; Mirdif ; JLT Cluster [A-Z] ; Al Nahda ; Khalifa City A ; Al Quoz
c Dubai ; Abu Dhabi ; Sharjah ; Ajman ; Al Ain
b $h, $c ; $h, $e, $c ; $h, $c, UAE ; $h, $e

SA Saudi Arabia
h %### $s, $e ; Bldg. No. %###, $s ; Villa $u, $s, $e Dist. ; %### $s, Unit $u ; $n شارع العليا ; مبنى %###، شارع الأمير سلطان
t $h, $c $p ; $h, $c $p-%#{3} ; $h, $c, $p
s King Fahd Road ; Prince $r St ; Al $r Street ; Olaya St ; Tahlia Street ; Imam $r Rd
e Al Malqa ; Al Olaya ; Ar Rawdah ; An Nakheel
c Riyadh ; Jeddah ; Dammam ; Al Khobar
p [1-9]#{4}

QA Qatar
h Villa $u, Street %##, Zone %# ; Building $n, Street %##, Zone %# ; Flat %#, Bldg $n, $s
s Al Sadd St ; Salwa Road ; Al $r St
c Doha ; Al Wakrah ; Al Rayyan
b $h, $c

IL Israel
h $n $s ; $n $s, apt. $u ; $s $n/$u ; $s $n, entrance [A-C], apt $u ; רחוב $e $n ; רח' $e $n דירה $u ; $e $n, קומה %
t $h, $c $p ; $h, $c, $p
s Rothschild Blvd ; Herzl St ; HaNevi'im Street ; HaYarkon ; Ben $r St ; Rechov HaGefen ; Sderot $r ; $r St
e הרצל ; ויצמן ; הגפן ; בן גוריון ; הזית
c Tel Aviv ; Jerusalem ; Haifa ; Ra'anana ; Be'er Sheva ; תל אביב
p <#{7}|#{5}>

BR Brazil
h $s, $n ; $s, nº $n, apto %0% ; $s, $n, ap. %#, bloco [A-D] ; $s, $n - $e ; $s, %### - apto %0%, $e ; $s $n, casa % ; $s, n° $n, fundos ; Rod. BR-%## km %#, $n ; Qd % Lt %#, $s ; SQN %0%, Bloco [A-K], apto %0% ; $s, $n, %º andar, sala %##
t $h, $c - $p ; $h, $c, $p ; $h, $e, $c, $p ; $h, $c, CEP $p ; $h - $c - CEP: $p ; $h - $e, $c, $p
b $h, $c ; $h, $e, $c ; $h - $e, $c ; $h, bairro $e
s Rua das Flores ; Avenida Brasil ; Rua XV de Novembro ; Alameda dos Ipês ; Rua $r ; R. $r ; Av. $r ; Travessa $r ; Rua Dr. $r ; Estrada do Coco ; Praça da Sé ; Rua Sete de Setembro ; Av. Getúlio Vargas
e Centro ; Vila Mariana ; Jardim América ; Boa Vista ; Copacabana ; Santa Tereza ; Vila $r ; Jd. $r
c São Paulo - SP ; Rio de Janeiro - RJ ; Curitiba/PR ; Recife ; Salvador - BA ; Porto Alegre ; Goiânia ; Belo Horizonte - MG ; São Paulo ; Florianópolis/SC
p <#{5}-#{3}|#{5}-#{3}|#{8}>

AR Argentina
h $s $b ; $s $b, piso %, dpto. $l ; $s $b, %º $l ; $s $b %° "[A-D]" ; $s $b, PB ; $s $b, p. %, dto. $u ; $s N° $b ; $s $b entre $u y %# ; Mza. $u Casa %, B° $r
t $h, $p $c ; $h, $c ($p) ; $h, C.P. $p, $c ; $h, $p, $c
s Av. Corrientes ; Calle San Martín ; Belgrano ; Av. Rivadavia ; Mitre ; $r ; Av. $r ; Bv. $r ; Gral. $r ; Calle %# ; 9 de Julio ; Hipólito $r
c Buenos Aires ; CABA ; Córdoba ; Rosario ; La Plata ; Mendoza ; San Miguel de Tucumán
p <C1#{3}[A-Z]{3}|[1-9]#{3}|B1#{3}>

CL Chile
h $s $b ; $s $b, depto. %0% ; $s \#$n ; $s N° $b, of. %0# ; $s $b, dpto %## ; Pasaje $r %## ; $s %###, casa [A-H] ; Parcela $u, $s
t $h, $e, $c ; $h, $c ; $h, $e ; $h, $p $c ; $h, $e, $p $c
b $h, $c ; $h, $e ; $h, $e, $c
s Av. Providencia ; Los Leones ; Av. Libertador ; Calle Esmeralda ; Los Aromos ; $r ; Av. $r ; Camino El Alba ; Las Hualtatas ; General $r
e Ñuñoa ; Las Condes ; Maipú ; Providencia ; Viña del Mar ; La Florida ; Vitacura
c Santiago ; Valparaíso ; Concepción ; RM
p [1-9]#{6}

CO Colombia
h Cra. %# \# %#-%# ; Calle 1%# \# %#-%# ; Cra %# No. %#-%# Apto %0% ; Calle %#[A-C] \# %#-%# ; Cl. %# \#%#-%#, apto %0% ; Carrera %# \# %# - %# ; Av. $r \# %#-%# ; Transversal %# \# %#[A-C]-%#, Torre %, Apto %0% ; Diagonal %# Sur \# %#-%# ; Kr %# %#-%# of %## ; Calle %# bis No %#-%# ; Cra. %#[A-D] \# %#[A-C] - %#, int. %
t $h, $c ; $h, $e, $c ; $h, $c, $p ; $h, $c, $e
b $h, $c ; $h, $e, $c ; $h $c ; $h, barrio $e
s Carrera
e Chapinero ; El Poblado ; Laureles ; Usaquén ; Cedritos ; Bocagrande ; Antioquia
c Bogotá ; Medellín ; Cali ; Barranquilla ; Bogotá D.C. ; Bucaramanga ; Cartagena
p [1-9]#{5}

MX Mexico
h $s $n ; $s $n, Col. $e ; $s \#$n ; $s No. $n Int. $u, Col. $e ; $s $n int $u ; $s $n-[A-D], Fracc. $r ; $s $n Depto. %0%, Colonia $e ; Priv. $r $u, $e ; $s %##, piso %, Col. $e ; $s Mz % Lt %#, $e ; Av. $r $n Nte. ; $s s/n, Col. $e
t $h, $p $c ; $h, C.P. $p, $c ; $h, CP $p $c ; $h, $c, $p ; $h, $p, Del. $r, $c
s Calle Reforma ; Av. Insurgentes Sur ; Calle Hidalgo ; Av. Juárez ; Calle 5 de Mayo ; $r ; Calle $r ; Blvd. $r ; Calle %# ; Cerrada de $r ; Av. de los Maestros ; Prol. $r
e Centro ; Roma Norte ; Del Valle ; Narvarte ; Lomas de $r ; Jardines del Sol ; San Rafael ; Obrera ; Las Águilas
c Guadalajara, Jal. ; Monterrey, N.L. ; Puebla, Pue. ; CDMX ; Mérida, Yucatán ; Ciudad de México ; Querétaro ; León, Gto.
p #{5}

PE Peru
h $s $b ; $s %##, Dpto. %0% ; Jr. $r $b ; Ca. $r %## ; Mz. [A-K] Lt. %#, Urb. $r ; $s N° $b, int. $u ; Psje. $r %## ; $s %###, of. %0%
t $h, $e ; $h, $e, $c ; $h, $c ; $h, $e $p
b $h, $e ; $h, $e, $c ; $h, $c
s Av. Arequipa ; Av. Larco ; Jirón de la Unión ; Calle Los Pinos ; Av. $r ; Calle Las Begonias ; Malecón $r
e Miraflores ; San Isidro ; Surco ; Barranco ; La Molina ; Jesús María
c Lima ; Arequipa ; Trujillo ; Cusco ; Lima %#
p 1[5-9]0##

EC Ecuador
h $s $n y $r ; $s N%#-%## y $r ; $s E%-%# y $s ; Cdla. $r, mz. %, villa $u ; Edif. $r, piso %, $s
t $h, $c ; $h, $c $p
s Av. Amazonas ; Av. 10 de Agosto ; Calle $r ; Av. de los Shyris ; García $r
c Quito ; Guayaquil ; Cuenca ; Manta
p [01]#{5}

UY Uruguay
h $s %### ; $s %###/%0% ; $s %### apto %0# ; $s %### esq. $r
t $h, $c ; $h, $p $c
s Av. 18 de Julio ; Bulevar España ; Rambla $r ; $r ; Colonia ; Canelones
c Montevideo ; Punta del Este ; Salto
p 1[1-9]#{3}

VE Venezuela
h $s, Edif. $r, piso %, apto. %-[A-D] ; Calle $r, Qta. $r ; $s con $s, Edf. $r, PB ; Urb. $r, calle %, casa $u
s Av. Bolívar ; Av. Libertador ; Calle $r ; Av. Francisco $r ; Av. Principal de $r
c Caracas ; Maracaibo ; Valencia ; Mérida
t $h, $c ; $h, $c $p
p [1-9]0#{2}

CR Costa Rica
h Calle %, Avenida %# ; Casa %#, Residencial $r, $s ; $s, 200 m norte y 50 oeste de la iglesia ; Condominio $r \#$u, $s
s Barrio Escalante ; San Rafael ; Calle %# ; Avenida Central
c San José ; Heredia ; Escazú ; Alajuela
b $h, $c

PR Puerto Rico
h Urb. $r, $n Calle $u ; Urb. $r $l-%# Calle $r ; $n Calle $r, Apt %0% ; HC 0% Box %### ; Cond. $r Apt %##, Ave. $r ; Carr. %## Km %.%, Bo. $r
t $h, $c, PR $p ; $h, $c PR $p
s Calle Luna
c San Juan ; Ponce ; Caguas ; Mayagüez
p 00[679]##

DO Dominican Republic
h C/ $r No. $n ; $s \#$u, $e ; Av. $r $n, apto. %-[A-D], $e ; Res. $r, manzana %, casa $u
s Calle El Sol ; Calle $r ; Av. 27 de Febrero
e Naco ; Piantini ; Gazcue ; Los Prados
c Santo Domingo ; Santiago ; La Romana
b $h, $c ; $h, $e, $c

JM Jamaica
h $n $s ; Lot $n, $s ; Apt $u, $n $s ; $n$l $s, $e
s Hope Road ; $r Drive ; Constant Spring Rd ; $r Avenue ; Hagley Park Rd
e Liguanea ; Half Way Tree ; Havendale
c Kingston % ; Kingston ; Montego Bay, St James ; Portmore, St Catherine
b $h, $c ; $h, $e, $c
""")
