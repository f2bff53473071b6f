"""Asian addresses and those between the continents: shapes, streets and cities, also in the country's script.

What a line and a mark mean stands in countries.py.
"""

from training.generators.countries import read_table

ASIA = read_table(r"""
IN India
h $n, $s ; Flat %0%, $r Apartments, $s ; Flat No. $l-%0%, $o Floor, $r Towers, $s ; H.No. $n-$u, $s ; H.No. %-%-%##/$u, $s, $e ; $n/$u, $e ; Plot No. $n, Sector %# ; Door No. $n, $s, $e ; No. $n, $o Main, $e ; $n-$l, $r Enclave, Pocket %, $e ; C-%#/%##, $s
t $h, $c $p ; $h, $c - $p ; $h, $e, $c - $p ; $h, $c-$p ; $h, $e, $c, $p ; $h, $c, Dist. $r, $p
b $h, $c ; $h, $e, $c ; $h, $e
s MG Road ; $r Nagar ; Linking Road ; $o Cross, $o Main ; Park Street ; $r Marg ; $r Road ; $o Cross Rd ; Station Road ; $r Colony ; Gali No. % ; Rd No. %# ; $r Bazaar
e Indiranagar ; Banjara Hills ; Andheri West ; Lajpat Nagar II ; Koramangala $o Block ; T. Nagar ; Salt Lake ; Vasant Kunj ; $r Vihar ; $r Nagar ; $r Layout ; Civil Lines
c Bengaluru ; Mumbai ; Chennai ; Hyderabad ; Pune ; Kolkata ; Gurugram ; Ahmedabad ; Kochi ; New Delhi ; Jaipur ; Noida ; Lucknow, UP ; Coimbatore
p <[1-8]#{5}|[1-8]## #{3}>

PK Pakistan
h House $n, Street $u, $e ; House No. $n, St. $u, $s ; H \# $n, Lane %, $e ; Flat $l-$u, $r Heights, $s ; Plot %#-$l, $s ; House %#-[A-C], Block $u, $e ; Shop % $r Plaza, $s
t $h, $c $p ; $h, $c ; $h, $c, $p
s Shahrah-e-$r ; Main Boulevard ; $r Road ; M.A. $r Rd ; University Rd ; $o Commercial Lane
e DHA Phase % ; Gulshan-e-$r ; F-%/% ; G-1%/% ; Gulberg III ; Johar Town ; Bahria Town ; Model Town
c Karachi ; Lahore ; Islamabad ; Rawalpindi ; Peshawar ; Faisalabad
p [1-9]#{4}

BD Bangladesh
h House $n, Road $u, $e ; House %#, Rd %/[A-C], Sector %, $e ; Flat %[A-D], $r Villa, $n $s ; Holding $n, $s ; Vill. $r, P.O. $r, Upazila $r
t $h, $c $p ; $h, $c-$p ; $h, $c - $p
s Mirpur Road ; $r Sarani ; Station Road ; New $r Rd ; $r Lane
e Dhanmondi ; Gulshan 2 ; Uttara ; Banani ; Bashundhara R/A ; Mohammadpur
c Dhaka ; Chattogram ; Sylhet ; Khulna
p [1-9]#{3}

LK Sri Lanka
h No. $n, $s ; $n/$u, $s ; $n/%/[A-C] $s ; $n $s
t $h, $c 0% ; $h, $c $p ; $h, $c
s Galle Road ; Temple Road ; $r Mawatha ; $r Lane ; Kandy Rd ; Station Rd
c Colombo ; Kandy ; Galle ; Dehiwala ; Negombo
p [1-9]0#{3}

NP Nepal
h Ward No. $u, $s ; House No. %##, $r Marg, $s ; $r Tole, $s-$u
s Lazimpat ; Baneshwor ; Boudha ; Lakeside ; Jawalakhel
c Kathmandu ; Pokhara ; Lalitpur
t $h, $c ; $h, $c $p
p [1-9]##00

CN China
h No. $n $s ; $n $s ; Room %0%, Building $u, $n $s ; Rm %#0%, Bldg %, Lane %##, $s ; No. %, Alley %#, Lane %##, $s ; Unit %-%0%, $e, $n $s ; %#/F, Tower [AB], $r Plaza, $n $s
t $h, $c $p ; $h, $e District, $c, $p ; $h, $c, $p ; $h, $e, $c
b $h, $c ; $h, $e, $c
s Nanjing East Road ; Zhongshan Rd ; Jianguo Road ; Huaihai Middle Road ; Renmin South Road ; Xueyuan Lu ; Heping Xi Lu ; Dongfeng Da Dao ; Wenhua Lu
e Chaoyang ; Pudong ; Haidian ; Tianhe ; Nanshan ; Jing'an
c Shanghai ; Beijing ; Shenzhen ; Chengdu ; Hangzhou ; Wuhan ; Xi'an
p [1-6]#{5}

ZH China
h $s<%#|%##>号 ; $s<%#|%##>号%号楼%单元%0%室 ; $s<%#|%##>弄%#号%0%室 ; $s<%#|%##>号$e%栋%0%#
t $c$h ; $c$h, $p ; $p $c$h
b $c$h
s 人民路 ; 中山北路 ; 建国西路 ; 解放大道 ; 和平街 ; 文化路 ; 学院南路 ; 东风路
e 花园 ; 小区 ; 新村 ; 家园
c 上海市浦东新区 ; 北京市海淀区 ; 深圳市南山区 ; 成都市武侯区 ; 杭州市西湖区 ; 广州市天河区 ; 武汉市
p [1-6]#{5}

HK Hong Kong
h Flat $l, 1%/F, $r Mansion, $n $s ; Flat %, %/F, Block %, $r Garden, $s ; Rm %0%, %#/F, $r Centre, $n $s ; $n $s, %/F ; Shop %, G/F, $n $s ; Unit %[A-D], Tower %, $r Court ; 1%/F Flat $l, $n $s ; $e<%#|%##>號$u樓[A-D]室
s Nathan Road ; $r Street ; Queen's Road West ; Castle Peak Rd ; Prince Edward Rd W ; Fuk Wing St ; Electric Road
e 彌敦道 ; 英皇道 ; 皇后大道西 ; 福榮街
c Kowloon ; Wan Chai ; Mong Kok ; Sha Tin, N.T. ; Hong Kong ; Causeway Bay, HK ; North Point
b $h, $c ; $h, $c ; $h, $c, Hong Kong

TW Taiwan
h No. $n, $s ; %F., No. $n, $s ; %F.-%, No. $n, Ln. %##, $s ; No. %, Aly. %, Ln. %#, Sec. %, $s ; $e<%#|%##>號$u樓 ; $e%段%##巷%號%樓之%
t $h, $c $p ; $p $c, $h ; $h, $r Dist., $c $p
b $h, $c ; $h, $r Dist., $c
s Zhongxiao E. Rd. ; Heping W. Rd. ; Minsheng Rd. ; Wenhua St. ; Fuxing S. Rd.
e 忠孝東路 ; 和平西路 ; 民生路 ; 文化街 ; 復興南路
c Taipei City ; Taichung ; Kaohsiung ; Tainan ; 台北市
p [1-9]##<|##|###>

JP Japan
h %-%#-% $s ; %-%#-%# $s, \#%0% ; $s %-%#-% ; %-chome %#-%, $s ; $s %-%-% $r Heights %0% ; Apt %0%, %-%#-% $s ; $n-% $s, $e-ku ; $r Bldg %F, %-%-% $s
t $h, $c $p ; $h, $c-shi, $p ; 〒$p $h, $c ; $h, $e-ku, $c $p ; $p $c, $h
b $h, $c ; $h, $e-ku, $c
s Nishi-Honcho ; Jingumae ; Sakae-cho ; Honmachi ; Kamiyamacho ; Higashi-Nakano ; Midorigaoka ; Asahi ; Ōsaki ; Minami-Machi
e Shibuya ; Minato ; Nakano ; Chūō ; Naka ; Kita ; Setagaya
c Tokyo ; Osaka ; Nagoya ; Fukuoka ; Sapporo ; Kyoto ; Yokohama
p #{3}-#{4}

JA Japan
h $s%-%#-% ; $s%丁目%番%#号 ; $s%-%-% ;  $s%-%#-%#  $eハイツ%0%号室 ; $s%#番地% ; $s%-%-% $eビル%階
t 〒$p $c$h ; $c$h ; $p $c$h ; $c$h 〒$p
b $c$h
s 神南 ; 西本町 ; 栄 ; 緑ヶ丘 ; 東中野 ; 桜台 ; 旭町 ; 南町 ; 大崎
e サンライズ ; 緑 ; みどり ; さくら ; 第二山田
c 東京都渋谷区 ; 大阪市北区 ; 名古屋市中区 ; 札幌市中央区 ; 横浜市西区 ; 福岡県福岡市博多区 ; 世田谷区
p #{3}-#{4}

KR South Korea
h $n $s ; $s $n ; $s $n-gil %# ; %0%-dong %##-ho, $r Apt., $n $s ; \#%0%, $n, $s ; %F, $r Bldg, $n $s ; $n, $s %#beon-gil
t $h, $e, $c $p ; $h, $c $p ; $h, $e, $c, $p
b $h, $c ; $h, $e, $c
s Teheran-ro ; Sejong-daero ; Dongil-ro ; Haneul-ro ; Baekje-daero ; Jungang-ro ; Wolgok-ro ; Sinchon-ro
e Gangnam-gu ; Mapo-gu ; Haeundae-gu ; Yuseong-gu ; Seocho-gu
c Seoul ; Busan ; Incheon ; Daegu ; Daejeon ; Suwon-si
p [0-6]#{4}

KO South Korea
h $s <%#|%##> ; $s %##번길 %# ; $s <%#|%##>, %0%동 %##호 ; $s %#길 %-% ; $s <%#|%##>, %층 ; $s <%#|%##> $e아파트 %0%동 %0%호
t $c $h ; ($p) $c $h ; $c $h, $p ; $p $c $h
b $c $h
s 테헤란로 ; 세종대로 ; 중앙로 ; 하늘로 ; 백제대로 ; 신촌로 ; 월곡로
e 한빛 ; 푸른 ; 현대 ; 무지개
c 서울시 강남구 ; 서울특별시 마포구 ; 부산시 해운대구 ; 대전 유성구 ; 인천광역시 남동구 ; 수원시 팔달구
p [0-6]#{4}

SG Singapore
h $n $s, \#0%-%# ; Blk %## $s \#1%-%## ; Block %## $s, \#%#-%### ; $n $s \#0%-0% ; $n$l $s ; Apt Blk %## $s \#0%-%#{1,2} ; $s $n, \#%#-%# The $r
t $h, Singapore $p ; $h, S$p ; $h S($p) ; $h, Singapore ($p) ; $h $p
b $h, Singapore ; $h
s Ang Mo Kio Ave 3 ; Serangoon North Ave 1 ; Clementi Road ; Tampines St 21 ; Jalan $r ; Lorong %# Geylang ; Bukit Batok West Ave 8 ; $r Road ; Pasir Ris Dr 6 ; Upper $r Crescent
c Singapore
p [1-8]#{5}

MY Malaysia
h No. $n, $s ; $n, $s ; No %#, $s, Taman $r ; Lot $n, $s ; $l-%#-%, $r Residensi, $s ; Unit %-%, Menara $r, $s ; No. $n, Lorong $u, Kampung $r ; %#-%-%, Pangsapuri $r, $s
t $h, $p $c ; $h, Taman $e, $p $c ; $h, $p $c, $e
b $h, $c ; $h, Taman $e, $c
s Jalan %/%# ; Jalan $r ; Jln $r % ; Jalan SS%/%# ; Persiaran $r ; Lebuh $r ; Jalan Bukit $r ; Jalan Tun $r ; Lorong $r
e Melawati ; Selangor ; Desa ; Johor ; Sri Indah ; Perak ; Mutiara
c Kuala Lumpur ; Petaling Jaya ; Shah Alam ; Johor Bahru ; George Town ; Kuching ; Ipoh
p [0-9]#{4}

ID Indonesia
h Jl. $s No. $n ; Jl $s no $n ; Jl. $s $n, RT 0#/RW 0# ; Jl. $s No.$n RT.00%/RW.00% ; Jalan $s $n ; Komplek $r Blok [A-H]%/%, Jl. $s ; Perum $r Blok $l No. $u ; Gg. $s No. $u, RT 0%/0% ; Jl. $s Kav. %#
t $h, $c $p ; $h, Kel. $r, Kec. $r, $c $p ; $h, $e, $c $p ; $h, $e, $c
b $h, $c ; $h, $e, $c
s Sudirman ; Melati ; Merdeka ; Diponegoro ; Gajah Mada ; Kenanga ; Cendana ; Raya $r ; Kebon Sirih ; Mawar % ; Pahlawan ; H. $r
e Menteng ; Kebayoran Baru ; Cilandak ; Coblong ; Denpasar Selatan ; Jakarta Selatan
c Jakarta ; Bandung ; Surabaya ; Yogyakarta ; Denpasar ; Semarang ; Medan
p [1-9]#{4}

PH Philippines
h Blk % Lot %#, $s, $e ; Blk %# Lot %, Phase %, $r Subd., Brgy. $r ; Block % Lot %, $r Village, $s ; $n $s, Brgy. $e ; $n $s St., Barangay $r ; Unit %##$l, $r Tower, $n $s ; Lot % Blk %#, $s ; %F $r Bldg., $s cor. $r St. ; Purok %, Brgy. $r
t $h, $c ; $h, $c $p ; $h, $p $c ; $h, $e, $c, $p
b $h, $c ; $h, $e, $c
s Sampaguita St. ; Mabini St. ; Rizal Ave. ; Ayala Avenue ; Kalayaan Ave ; Bonifacio ; $r St. ; M.H. $r ; Ilang-Ilang St ; EDSA
e San Antonio ; Poblacion ; BF Homes ; Bagumbayan ; San Isidro ; Talon Dos ; $r
c Quezon City ; Makati City ; Cebu City ; Davao City ; Pasig ; Las Piñas ; Dasmariñas, Cavite ; Metro Manila
p [1-9]#{3}

VN Vietnam
h $n $s ; $n/$u $s ; Số $n $s ; Số %, ngõ %#, $s ; $n/%/% $s, P.$u, Q.% ; $n đường $s, phường $u, quận % ; Căn hộ %0%, chung cư $r, $n $s ; $n $s, Ward %, District % ; No. % Alley %#, $s Str.
t $h, $c ; $h, $c $p ; $h, $e, $c
b $h, $c ; $h, $e, $c ; $h, $e
s Nguyễn Huệ ; Lê Lợi ; Trần Hưng Đạo ; Hai Bà Trưng ; Điện Biên Phủ ; Lý Thường Kiệt ; Cách Mạng Tháng 8 ; Phan Đình Phùng ; Võ Văn Tần
e Quận 3 ; Q. Bình Thạnh ; Cầu Giấy ; Đống Đa ; Hải Châu ; Thủ Đức
c Hà Nội ; TP. Hồ Chí Minh ; Đà Nẵng ; TP.HCM ; Hanoi ; Cần Thơ ; Ho Chi Minh City
p [1-9]#{5}

TH Thailand
h $n/$u Moo % ; $n/% Soi $s %# ; $n $s Rd. ; $n/%# Moo %, T. $r, A. $r ; Room %##, $r Condo, $s Soi %# ; $n Soi %, $s Road ; $n ซอย $e %# ; $n/% หมู่ % ถ.$e ; %/F $r Tower, $n $s Rd ; $n ถนน$e
t $h, $c $p ; $h, Khwaeng $r, Khet $r, $c $p ; $h, $c, $p ; $h, $e, $c $p
b $h, $c ; $h, $c
s Sukhumvit ; Silom ; Phahonyothin ; Ratchada ; Ladprao ; Ekkamai ; Nimman ; Charoen Krung ; Sathon Tai
e สุขุมวิท ; ลาดพร้าว ; พหลโยธิน ; รัชดาภิเษก
c Bangkok ; Chiang Mai ; Phuket ; Nonthaburi ; กรุงเทพฯ
p [1-9]#{4}

GE Georgia
h $n $s St ; $n $s Ave, apt. $u ; $s Street %#$l ; $s ქ. $n ; $s გამზ. $n, ბ. $u ; $s II lane, %#
s Rustaveli ; Chavchavadze ; Agmashenebeli ; Pekini ; $r
c Tbilisi ; Batumi ; Kutaisi
t $h, $c $p ; $h, $p $c
p 0[01]##

AM Armenia
h $n $s St., apt. $u ; $s $n ; $n/% $s Str. ; $s Ave. $n, ap. $u
s Abovyan ; Tumanyan ; Mashtots ; Baghramyan ; $ryan
c Yerevan ; Gyumri ; Vanadzor
t $h, $c $p ; $h, $p $c
p 0[01]##

KZ Kazakhstan
h $s St. $n, apt. $u ; ул. $e $n, кв. $u ; $s $n-$u ; $s ave. %#/%
s Abay ; Satpayev ; Dostyk ; Kabanbay Batyr ; Tole Bi
e Абая ; Сатпаева ; Достык ; Назарбаева
c Almaty ; Astana ; Shymkent ; Алматы
t $h, $c $p ; $h, $p, $c
p 0[1-9]0#{3}

IR Iran
h No. $n, $s ; Unit $u, No. $n, $s Alley, $r St. ; $s, $r Alley, Plaque $n ; خیابان $e، پلاک $n ; خیابان $e، کوچه %، پلاک $n، واحد $u
t $h, $c $p ; $h, $c
s Valiasr St. ; Azadi St. ; Shariati Ave. ; $r Blvd.
e ولیعصر ; آزادی ; شریعتی ; بهار
c Tehran ; Isfahan ; Shiraz ; تهران
p [1-9]#{9}

TR Turkey
h $s No:$n D:$u ; $s No:$n ; $e Mah. $s No:$n D:$u ; $e Mahallesi, $s No: $n/$u ; $e Mah. %### Sok. No:$n ; $s No $n Daire $u ; $e Mah. $s $r Apt. No:$n K:% D:$u ; $n. Sokak No:$u
t $h, $p $c ; $h, $e/$c ; $h $p $e/$c ; $h, $p $e / $c
b $h, $c ; $h $e/$c
s İstiklal Cad. ; Bağdat Caddesi ; Atatürk Bulvarı ; Gül Sokak ; Çiçek Sok. ; Şehit $r Cd. ; Lale Sk. ; $r Sk. ; Barbaros Blv.
e Cumhuriyet ; Yeni ; Fatih ; Kadıköy ; Çankaya ; Bahçelievler ; Karşıyaka ; Şirinyer ; Göztepe ; Nilüfer
c İstanbul ; Ankara ; İzmir ; Bursa ; Eskişehir
p [0-8]#{4}

UA Ukraine
h vul. $s $n ; vul. $s, $n, kv. $u ; вул. $e, $n, кв. $u ; вул. $e $n ; просп. $e $n, кв. $u ; bulv. $s $n, apt $u ; $n $s St, apt. $u
t $h, $c, $p ; $h, $p $c ; $p, $c, $h
s Shevchenka ; Khreshchatyk ; Franka ; Sadova ; Lesi Ukrainky ; Soborna ; $r
e Шевченка ; Садова ; Франка ; Соборна ; Лесі Українки
c Kyiv ; Lviv ; Kharkiv ; Odesa ; Київ ; Львів ; Dnipro
p [0-9]#{4}

RU Russia
h ul. $s, d. $n, kv. $u ; $s ul. $n ; ул. $e, д. $n, кв. $u ; ул. $e $n-$u ; пр-т $e, д. $n, к. %, кв. $u ; $n $s St, Apt $u ; пер. $e, $n
t $h, $c, $p ; $p, $c, $h ; г. $c, $h
s Lenina ; Sadovaya ; Pushkina ; Gagarina ; Mira ; Sovetskaya ; $r
e Ленина ; Садовая ; Пушкина ; Гагарина ; Мира ; Советская
c Moscow ; St Petersburg ; Kazan ; Samara ; Москва ; Новосибирск
p [1-6]#{5}
""")
